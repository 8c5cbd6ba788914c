import type { CallToolResult, Tool as ToolDescription } from '@modelcontextprotocol/server';
import { permits, type Principal } from '@task/domain';
import { Refusal } from '../../http/shared/failures/refusal';
import type { ToolErrors } from '../failures/tool-errors';
import { readArguments, schemaOf } from './argument';
import type { Asked } from './asked';
import { presentAnswer } from './present-answer';
import type { Tool } from './tool';

/** The tools of the queue. */
export class Toolbox {
  private readonly described: readonly { readonly tool: Tool; readonly shown: ToolDescription }[];

  constructor(
    tools: readonly Tool[],
    private readonly errors: ToolErrors,
  ) {
    this.described = tools.map((tool) => ({ tool, shown: describe(tool) }));
  }

  /** What a caller may use, in an order that never changes: a client can keep it. */
  listFor(caller: Principal): readonly ToolDescription[] {
    return this.described.flatMap(({ tool, shown }) => (permits(caller, tool.needs) ? [shown] : []));
  }

  /** @returns null when there is no such tool */
  async call(name: string, given: unknown, asked: Asked): Promise<CallToolResult | null> {
    const tool = this.described.find((each) => each.tool.name === name)?.tool;
    if (tool === undefined) return null;
    try {
      if (!permits(asked.caller, tool.needs)) throw new Refusal('forbidden', { required_role: tool.needs });
      const answer = await tool.run(argumentsOf(tool, given ?? {}), asked);
      return (answer.handle as CallToolResult | undefined) ?? presentAnswer(answer, asked.isReplay);
    } catch (error) {
      return this.errors.result(asked, error);
    }
  }
}

function argumentsOf({ takes, takesOf }: Tool, given: unknown): object {
  const isObject = typeof given === 'object' && given !== null;
  return readArguments(given, isObject && takesOf !== undefined ? takesOf(given) : takes);
}

function describe({ name, title, about, hints, takes, gives }: Tool): ToolDescription {
  return {
    name,
    title,
    description: about,
    annotations: hints,
    inputSchema: schemaOf(takes),
    outputSchema: { type: 'object', properties: gives },
  } as ToolDescription;
}
