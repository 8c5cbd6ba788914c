import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  ChangeSchedule,
  CreateSchedule,
  DeleteSchedule,
  ReadSchedules,
  RunSchedule,
} from '@task/application';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf, noteTask } from '../../shared/exchange/exchange';
import { languageOf } from '../../shared/language/language';
import { PageQuery, pageOf } from '../dto/page.query';
import { success, type Success } from '../envelope';
import type { CreatedTask } from '../views/outcome.views';
import { createdTask } from '../views/present-outcome';
import { offsetPage } from '../views/present-page';
import { RunScheduleBody } from './run-schedule.body';
import { scheduleView } from './present-schedule';
import * as docs from './schedule-docs';
import { scheduleChangesOf, scheduleDraftOf } from './schedule-input';
import { ChangeScheduleBody, CreateScheduleBody } from './schedule.bodies';
import type { ScheduleList, ScheduleView } from './schedule.views';

/** What makes tasks again and again. */
@Controller('api/v1/schedules')
export class SchedulesController {
  constructor(
    private readonly createSchedule: CreateSchedule,
    private readonly readSchedules: ReadSchedules,
    private readonly changeSchedule: ChangeSchedule,
    private readonly deleteSchedule: DeleteSchedule,
    private readonly runSchedule: RunSchedule,
  ) {}

  @Post()
  @Needs('producer')
  @Endpoint(docs.CREATE_SCHEDULE)
  async create(@Body() body: CreateScheduleBody, @Req() request: Request): Promise<Success<ScheduleView>> {
    const schedule = await this.createSchedule.execute(scheduleDraftOf(body), callOf(request));
    return success(scheduleView(schedule, languageOf(request)));
  }

  @Get()
  @Needs('reader')
  @Endpoint(docs.LIST_SCHEDULES)
  async list(@Query() query: PageQuery, @Req() request: Request): Promise<Success<ScheduleList>> {
    const language = languageOf(request);
    const page = pageOf(query);
    const { schedules, total } = await this.readSchedules.page(page.limit, page.offset);
    const pagination = offsetPage(page, schedules.length, total);
    return success({ schedules: schedules.map((schedule) => scheduleView(schedule, language)), pagination });
  }

  @Get(':schedule_id')
  @Needs('reader')
  @Endpoint(docs.GET_SCHEDULE)
  async get(
    @Param('schedule_id') scheduleId: string,
    @Req() request: Request,
  ): Promise<Success<ScheduleView>> {
    return success(scheduleView(await this.readSchedules.one(scheduleId), languageOf(request)));
  }

  @Patch(':schedule_id')
  @Needs('producer')
  @Endpoint(docs.CHANGE_SCHEDULE)
  async change(
    @Param('schedule_id') scheduleId: string,
    @Body() body: ChangeScheduleBody,
    @Req() request: Request,
  ): Promise<Success<ScheduleView>> {
    const changes = scheduleChangesOf(body);
    const changed = await this.changeSchedule.execute(scheduleId, changes, callOf(request));
    return success(scheduleView(changed, languageOf(request)));
  }

  @Delete(':schedule_id')
  @Needs('producer')
  @Endpoint(docs.DELETE_SCHEDULE)
  async remove(
    @Param('schedule_id') scheduleId: string,
    @Req() request: Request,
  ): Promise<Success<ScheduleView>> {
    const deleted = await this.deleteSchedule.execute(scheduleId, callOf(request));
    return success(scheduleView(deleted, languageOf(request)));
  }

  @Post(':schedule_id/run')
  @HttpCode(201)
  @Needs('producer')
  @Endpoint(docs.RUN_SCHEDULE)
  async run(
    @Param('schedule_id') scheduleId: string,
    @Body() _body: RunScheduleBody,
    @Req() request: Request,
  ): Promise<Success<CreatedTask>> {
    const task = await this.runSchedule.execute(scheduleId, callOf(request));
    noteTask(request, task.id);
    return success(createdTask(task));
  }
}
