import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { LiveSettings, loadSettings, openLog } from '@task/infrastructure';
import { ReloadSignal } from '../../src/cli/reload-signal';
import { Service } from '../../src/cli/service';
import { Surfaces } from '../../src/mcp/endpoint/surfaces';
import { McpModule } from '../../src/mcp/mcp.module';
import { FixtureSurface } from './fixtures/fixture-surface';

@Module({})
class Fixtures {}

/** Offers what the conformance suite asks for beside what the queue offers, on the same handler. */
const FIXTURES: DynamicModule = {
  module: Fixtures,
  imports: [McpModule],
  providers: [
    {
      provide: FixtureSurface,
      inject: [Surfaces],
      useFactory: (surfaces: Surfaces) => {
        const fixtures = new FixtureSurface();
        surfaces.add(fixtures);
        return fixtures;
      },
    },
  ],
};

async function main(): Promise<void> {
  const context = { env: process.env, cwd: process.cwd() };
  const live = new LiveSettings(loadSettings(context));
  const { log, requests: requestLines } = openLog({ level: 'warn', format: 'json', file: null });
  const reload = new ReloadSignal(log);
  const onNewKey = (): void => undefined;
  const service = new Service({
    ...{ live, log, requestLines, reload, context, onNewKey },
    extraImports: [FIXTURES],
  });
  const { url } = await service.start();
  process.once('disconnect', () => void service.stop().then(() => process.exit(0)));
  process.send?.({ url });
}

void main();
