import { DEFAULT_PERIOD, GRANULARITIES, PERIODS, type Granularity, type Period } from '@task/application';
import { oneOf } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** How far back statistics look, and how finely. */
export class StatisticsQuery {
  @Field(oneOf(PERIODS), {
    description: 'How far back performance metrics and the time series look',
    example: '24h',
    byDefault: DEFAULT_PERIOD,
  })
  declare readonly period?: Period;

  @Field(oneOf(GRANULARITIES), {
    description:
      'What a point of the time series stands for; by default minutes for an hour, hours for a day and a week, days ' +
      'for a month. At most 1500 points',
    example: 'hour',
  })
  declare readonly granularity?: Granularity;
}
