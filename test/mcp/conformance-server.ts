import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { createLogger, loadSettings } from '@task/infrastructure';
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
  const cwd = process.cwd();
  const { settings } = loadSettings({ env: process.env, cwd });
  const log = createLogger({ level: 'warn', format: 'json', file: null, isTerminal: false });
  const service = new Service({ settings, log, cwd, onNewKey: () => undefined, extraImports: [FIXTURES] });
  const { url } = await service.start();
  process.once('disconnect', () => void service.stop().then(() => process.exit(0)));
  process.send?.({ url });
}

void main();
