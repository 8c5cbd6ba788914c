import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { GetTask } from '@task/application';
import type { Request, Response } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { EventStreams } from '../../shared/streams/event-streams';
import * as docs from './event-docs';
import { eventFilterOf, kindsOf, placeOf } from './event-input';
import { EventsQuery } from './events.query';
import { streamedEvent as textOf } from './present-event';
import { TaskEventsQuery } from './task-events.query';

/** What happens, as it happens. */
@Controller('api/v1')
export class EventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly getTask: GetTask,
  ) {}

  @Get('events')
  @Needs('reader')
  @Endpoint(docs.FOLLOW)
  async follow(
    @Query() query: EventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const after = placeOf(request, query) ?? 'latest';
    await this.streams.serve(request, response, { after, filter: eventFilterOf(query), textOf });
  }

  @Get('tasks/:task_id/events')
  @Needs('reader')
  @Endpoint(docs.FOLLOW_TASK)
  async followTask(
    @Param('task_id') taskId: string,
    @Query() query: TaskEventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const after = placeOf(request, query) ?? 'beginning';
    const task = await this.getTask.execute({ taskId });
    const filter = { ...kindsOf(query), taskId: task.id };
    await this.streams.serve(request, response, { after, filter, textOf });
  }
}
