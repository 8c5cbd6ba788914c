/** A document that cannot be processed, however often it is tried. */
export class UnfitDocument extends Error {}
