import { createRequire } from 'node:module';

type Node = typeof import('@modelcontextprotocol/node');
type Zod = typeof import('zod');

/** What the endpoint takes from the protocol's packages. */
export type Sdk = typeof import('@modelcontextprotocol/server') &
  Pick<Node, 'toNodeHandler'> &
  Pick<Zod, 'z'>;

const load: (name: string) => unknown = createRequire(__filename);

/** Loads the protocol's packages: 11 MB, which a service does not hold before somebody speaks MCP to it. */
export function loadSdk(): Sdk {
  return {
    ...(load('@modelcontextprotocol/server') as typeof import('@modelcontextprotocol/server')),
    toNodeHandler: (load('@modelcontextprotocol/node') as Node).toNodeHandler,
    z: (load('zod') as Zod).z,
  };
}
