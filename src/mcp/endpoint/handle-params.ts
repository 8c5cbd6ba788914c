import { z } from 'zod';

/** What every request about a followed task has. */
export const HANDLE_PARAMS = z.looseObject({ taskId: z.string().max(200) });
