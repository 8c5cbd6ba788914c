import { jsonObject } from '@task/domain';
import { Field } from '../../shared/validation/field';

const SECTION = jsonObject({ maxBytes: 65_536, maxDepth: 64 });

/** Settings to change, in the shape in which they are told. A null takes back what was changed before. */
export class ChangeConfigurationBody {
  @Field(SECTION, {
    description: 'Connections and requests',
    example: { max_event_streams: 100, shutdown_grace_seconds: 30 },
  })
  declare readonly server?: object;

  @Field(SECTION, {
    description: 'Where the tasks are; read at the start only',
    example: { max_connections: 100 },
  })
  declare readonly database?: object;

  @Field(SECTION, {
    description: 'Who may come in, and how often',
    example: { rate_limit: { requests_per_minute: 2000, burst_size: 200 } },
  })
  declare readonly security?: object;

  @Field(SECTION, {
    description: 'Leases, retries, prompts, and how much may wait',
    example: { lease_seconds: 600, retry_base_seconds: 10 },
  })
  declare readonly queue?: object;

  @Field(SECTION, {
    description: 'Tasks that the service itself runs',
    example: { max_queue: 5000 },
  })
  declare readonly executor?: object;

  @Field(SECTION, { description: 'What is logged', example: { level: 'debug' } })
  declare readonly logging?: object;

  @Field(SECTION, {
    description: 'Told with the settings; sent back, it means nothing',
    example: { 'logging.level': 'default' },
  })
  declare readonly origins?: object;
}
