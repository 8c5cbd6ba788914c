import { Body, Controller, Get, Put, Req } from '@nestjs/common';
import { ChangeConfiguration, ReadConfiguration } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf } from '../../shared/exchange/exchange';
import { success, type Success } from '../envelope';
import { ChangeConfigurationBody } from './configuration.body';
import { CHANGE_CONFIGURATION, GET_CONFIGURATION } from './configuration-docs';
import type { ConfigurationChanged, ConfigurationView } from './configuration.views';
import { configurationChanged, configurationView } from './present-configuration';
import { wantedIn } from './wanted-configuration';

/** The settings of the running service. */
@Controller('api/v1/config')
export class ConfigurationController {
  constructor(
    private readonly read: ReadConfiguration,
    private readonly change: ChangeConfiguration,
  ) {}

  @Get()
  @Needs('admin')
  @Endpoint(GET_CONFIGURATION)
  get(): Success<ConfigurationView> {
    return success(configurationView(this.read.execute()));
  }

  @Put()
  @Needs('admin')
  @Endpoint(CHANGE_CONFIGURATION)
  async put(
    @Body() body: ChangeConfigurationBody,
    @Req() request: Request,
  ): Promise<Success<ConfigurationChanged>> {
    const known = this.read.execute().map(({ field }) => field);
    return success(configurationChanged(await this.change.execute(wantedIn(body, known), callOf(request))));
  }
}
