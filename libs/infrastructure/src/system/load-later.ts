import { createRequire } from 'node:module';

/**
 * Loads a package at the first use of what needs it, and at once: most services never use it, and none should hold it
 * for nothing.
 */
export const loadLater: (name: string) => unknown = createRequire(__filename);
