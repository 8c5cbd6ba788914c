import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Role } from '@task/domain';

const NEEDS = 'http:needs';

/** What a route asks of its caller; `nobody` lets everybody in. */
export type Need = Role | 'nobody';

/** The role that a route needs. What needs more than `reader` changes state, whatever its method. */
export function Needs(role: Role): CustomDecorator {
  return SetMetadata(NEEDS, role);
}

/** A route that takes no key. */
export function Open(): CustomDecorator {
  return SetMetadata(NEEDS, 'nobody');
}

/** What a route's handler needs. One that says nothing is the admin's. */
export function needOf(handler: object): Need {
  return (Reflect.getMetadata(NEEDS, handler) as Need | undefined) ?? 'admin';
}

/** Whether a request to what needs this changes something. */
export function changesState(need: Need): boolean {
  return need !== 'reader' && need !== 'nobody';
}
