import { ServiceRefusal } from '../client/client-failures';
import { atService, exitCodeOf, FailureTeller, type AskedService, type ServiceOptions } from './at-service';
import type { CommandContext } from './context';
import { EXIT } from './exit-codes';

/** Asks for one thing after the other: one that is refused does not hold up the others, and is the exit code. */
export function eachForItself(
  context: CommandContext,
  names: readonly string[],
  options: ServiceOptions,
  ask: (service: AskedService, name: string) => Promise<void>,
): Promise<number> {
  const tell = new FailureTeller(options.json === true);
  return atService(options, context, async (service) => {
    let code: number = EXIT.ok;
    for (const name of names) {
      try {
        await ask(service, name);
      } catch (error) {
        if (!(error instanceof ServiceRefusal)) throw error;
        code = code === EXIT.ok ? exitCodeOf(error) : code;
        tell.error(error, name);
      }
    }
    return code;
  });
}
