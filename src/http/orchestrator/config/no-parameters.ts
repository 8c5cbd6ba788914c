import { NoFields } from '../../shared/validation/field';

/** A query that takes no parameter. */
@NoFields()
export class NoParameters {}
