import { PromptSaysNothing, PromptTooShort } from './task.errors';

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * Refuses a prompt that is valid text and still tells an agent nothing.
 * @param minWords runs of letters or digits that it must have at least; 0 asks for one letter or digit only
 * @throws PromptSaysNothing, PromptTooShort. Source: behaviour.md 4.
 */
export function requireMeaning(prompt: string, minWords: number): void {
  if (!LETTER_OR_DIGIT.test(prompt)) throw new PromptSaysNothing();
  if (minWords <= 1) return;
  const words = prompt.match(WORD)?.length ?? 0;
  if (words < minWords) throw new PromptTooShort(words, minWords);
}
