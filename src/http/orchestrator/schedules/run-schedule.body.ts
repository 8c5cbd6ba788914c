import { NoFields } from '../../shared/validation/field';

/** A run needs no body, and takes nothing in it. */
@NoFields()
export class RunScheduleBody {}
