import { COUNT, Shows, TEXT } from '../docs/shows';

/** A result that is too large to come with a claim. */
export class CutResult {
  @Shows(COUNT, { description: 'Bytes of the result as JSON' })
  declare readonly bytes: number;
  @Shows(TEXT, { description: 'Where the whole task is read' })
  declare readonly path: string;
}
