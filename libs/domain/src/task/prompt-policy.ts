import { PromptSaysNothing, PromptTooShort } from './task.errors';

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Knows the words of languages that put no blanks between them, too. */
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Refuses a prompt that is valid text and still tells an agent nothing.
 * @param minWords words that it must have at least, by the word boundaries of Unicode; 0 asks for one letter or digit only
 * @throws PromptSaysNothing, PromptTooShort. Source: behaviour.md 4.
 */
export function requireMeaning(prompt: string, minWords: number): void {
  if (!LETTER_OR_DIGIT.test(prompt)) throw new PromptSaysNothing();
  if (minWords <= 1) return;
  const words = [...WORDS.segment(prompt)].filter(({ isWordLike }) => isWordLike).length;
  if (words < minWords) throw new PromptTooShort(words, minWords);
}
