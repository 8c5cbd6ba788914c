import type { Request } from 'express';

/** In which the service answers; the first is the default. */
export const LANGUAGES = ['en', 'zh'] as const;

/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];

/** The language of a request's answer, from its `Accept-Language`. */
export function languageOf(request: Request): Language {
  const accepted = request.acceptsLanguages(...LANGUAGES);
  return LANGUAGES.find((language) => language === accepted) ?? 'en';
}
