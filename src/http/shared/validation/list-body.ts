import type { PipeTransform, Type } from '@nestjs/common';
import { faultsAt } from '@task/domain';
import { Refusal } from '../failures/refusal';
import { MOST_VIOLATIONS_OF_ITEMS } from './dto.pipe';
import { atLeastOne, itemsOf } from './items';

/**
 * Takes a body that is a list of objects, at least one, each with the fields of a class; or refuses it with everything
 * that is wrong with them, each with its place: `[3].kb_id`.
 */
export function listBody(type: Type, { max }: { readonly max: number }): PipeTransform {
  const rule = atLeastOne(itemsOf(type, max));
  return {
    transform: (body: unknown): unknown => {
      if (!Array.isArray(body)) throw Refusal.ofField('body', 'not_list');
      const violations = faultsAt('', rule.check(body));
      if (violations.length === 0) return body;
      // What is wrong with the list itself has no place in it.
      const named = violations.map((violation) => ({ ...violation, field: violation.field || 'body' }));
      throw Refusal.ofFields(named.slice(0, MOST_VIOLATIONS_OF_ITEMS));
    },
  };
}
