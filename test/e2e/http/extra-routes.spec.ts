import {
  Body,
  Controller,
  Delete,
  Get,
  Module,
  Patch,
  Post,
  Put,
  Res,
  type LoggerService,
} from '@nestjs/common';
import type { Response } from 'express';
import { CreateTaskBody } from '../../../src/http/orchestrator/dto/create-task.body';
import { Needs } from '../../../src/http/shared/access/needs';
import { TestService } from './service';

@Controller('things')
class ThingsController {
  @Post()
  @Needs('producer')
  create(@Body() body: CreateTaskBody): object {
    return { prompt: body.prompt };
  }

  @Put()
  @Needs('reader')
  replace(): object {
    return { replaced: true };
  }

  @Patch()
  change(): object {
    return { changed: true };
  }

  @Delete()
  @Needs('reader')
  remove(): void {
    return undefined;
  }

  @Get('half')
  @Needs('reader')
  half(@Res() response: Response): void {
    response.write('half an ans');
    throw new Error('no more');
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('routes that are added', () => {
  let service: TestService;
  const logged: unknown[] = [];

  beforeAll(async () => {
    const write = (message: unknown): void => void logged.push(message);
    const logger: LoggerService = { log: () => undefined, warn: write, error: write };
    service = await TestService.start({ extraImports: [ThingsModule], settings: { logger } });
  });
  afterAll(() => service.close());

  it('stand behind the same guard, pipe and filter', async () => {
    const good = { work_directory: '/srv', prompt: 'read this' };
    expect((await service.as('producer').post('/things', good)).text).toBe('{"prompt":"read this"}');
    expect((await service.as(null).post('/things', good)).status).toBe(401);
    expect((await service.as('reader').post('/things', good)).body.error.code).toBe('FORBIDDEN');
    expect((await service.as('producer').post('/things', {})).body.error.code).toBe('VALIDATION_ERROR');
  });

  it('are the admin’s when they do not say whose they are', async () => {
    expect((await service.as('producer').send('PATCH', '/things')).body.error.details).toEqual({
      required_role: 'admin',
    });
    expect((await service.as('admin').send('PATCH', '/things')).status).toBe(200);
  });

  it('tell their methods', async () => {
    const { headers } = await service.as('admin').get('/things');
    expect(headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'PATCH', 'POST', 'PUT']);
    expect((await service.as('reader').send('PUT', '/things')).text).toBe('{"replaced":true}');
  });

  it('answer nothing with null', async () => {
    const { status, text } = await service.as('reader').send('DELETE', '/things');
    expect([status, text]).toEqual([200, 'null']);
  });

  it('cut off an answer that cannot be finished, and log why', async () => {
    await expect(service.as('reader').get('/things/half')).rejects.toThrow();
    expect(logged).toMatchObject([{ event: 'request_failed', route: '/things/half', error: 'Error' }]);
  });
});
