import { createRequire } from 'node:module';

type Package = typeof import('class-validator');

const load: (name: string) => unknown = createRequire(__filename);

/**
 * The two parts of class-validator that are used here, each from its own file. The package as a whole loads 300 more,
 * among them the phone numbers of all countries, which took 4 MB and a tenth of the start.
 */
export const { ValidateBy } = load('class-validator/cjs/decorator/common/ValidateBy') as Package;
export const { Validator } = load('class-validator/cjs/validation/Validator') as Package;
