import { NoFields } from '../../shared/validation/field';

/** A retry needs no body, and takes nothing in it. */
@NoFields()
export class RetryTaskBody {}
