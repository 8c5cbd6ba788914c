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
import type { Response as Answer } from 'express';
import { CreateTaskBody } from '../../../src/http/orchestrator/dto/create-task.body';
import { Needs } from '../../../src/http/shared/access/needs';
import { Documented } from '../../../src/http/shared/docs/documented';
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
  half(@Res() response: Answer): void {
    response.write('half an ans');
    throw new Error('no more');
  }
}

const documents = { areBroken: true };

@Controller('documented')
class DocumentedController {
  @Get()
  @Needs('reader')
  @Documented(({ ApiOperation }) => {
    if (documents.areBroken) throw new Error('too many open files');
    return [ApiOperation({ summary: 'Is documented' })];
  })
  read(): object {
    return {};
  }
}

@Module({ controllers: [ThingsController, DocumentedController] })
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
  beforeEach(() => void logged.splice(0));

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

  it('are documented as soon as that can be done, if not at the first time', async () => {
    const ask = (): Promise<Response> => fetch(`${service.baseUrl}/openapi.json`);
    expect((await ask()).status).toBe(500);
    documents.areBroken = false;
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      paths: { '/documented': { get: { summary: 'Is documented' } }, '/things': {} },
    });
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
