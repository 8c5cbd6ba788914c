import { Injectable } from '@nestjs/common';
import type {
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerCapabilities,
  Tool,
} from '@modelcontextprotocol/server';
import type { Principal } from '@task/domain';
import { TASKS_EXTENSION } from '../handles/task-handle';
import { TaskHandles } from '../handles/task-handles';
import { Completions } from '../prompts/completions';
import { PROMPTS } from '../prompts/prompts';
import { QueueResources, RESOURCES, TEMPLATES } from '../resources/queue-resources';
import { Toolbox } from '../tool/toolbox';
import type { CompletionAsked, Message, Surface } from './surface';

/** The queue over MCP. */
@Injectable()
export class QueueSurface implements Surface {
  readonly capabilities: ServerCapabilities = {
    tools: {},
    resources: {},
    prompts: {},
    completions: {},
    extensions: { [TASKS_EXTENSION]: {} },
  };

  constructor(
    private readonly toolbox: Toolbox,
    private readonly resources: QueueResources,
    private readonly completions: Completions,
    private readonly handles: TaskHandles,
  ) {}

  listTools(caller: Principal): readonly Tool[] {
    return this.toolbox.listFor(caller);
  }

  callTool(name: string, given: unknown, { asked }: Message): Promise<object | null> {
    return this.toolbox.call(name, given, asked);
  }

  listResources(): readonly Resource[] {
    return RESOURCES;
  }

  listTemplates(): readonly ResourceTemplateType[] {
    return TEMPLATES;
  }

  readResource(uri: string): Promise<ReadResourceResult | null> {
    return this.resources.read(uri);
  }

  listPrompts(): readonly Prompt[] {
    return PROMPTS.map(({ shown }) => shown);
  }

  async getPrompt(name: string, given: Readonly<Record<string, string>>): Promise<object | null> {
    return PROMPTS.find(({ shown }) => shown.name === name)?.write(given) ?? null;
  }

  async complete({ ref, argument }: CompletionAsked): Promise<readonly string[] | null> {
    if (ref.type !== 'ref/prompt' || !PROMPTS.some(({ shown }) => shown.name === ref.name)) return null;
    return this.completions.of(argument.name, argument.value);
  }

  getHandle(taskId: string): Promise<object | null> {
    return this.handles.get(taskId);
  }

  updateHandle(taskId: string): Promise<boolean> {
    return this.handles.isKnown(taskId);
  }

  cancelHandle(taskId: string, { asked }: Message): Promise<boolean> {
    return this.handles.cancel(taskId, asked);
  }
}
