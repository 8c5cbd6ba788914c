import { requireMeaning } from './prompt-policy';
import { PromptSaysNothing, PromptTooShort } from './task.errors';

describe('requireMeaning', () => {
  it.each(['go', '7', '修', 'é', '…a…', '٣'])('takes %j', (prompt) => {
    expect(() => requireMeaning(prompt, 0)).not.toThrow();
  });

  it.each(['.', '   ', '?!…', '😀', '———', '\n'])('refuses %j, which says nothing', (prompt) => {
    expect(() => requireMeaning(prompt, 0)).toThrow(PromptSaysNothing);
  });

  it.each([0, 1])('asks for a letter or digit only when at least %d words are wanted', (minWords) => {
    expect(() => requireMeaning('a', minWords)).not.toThrow();
    expect(() => requireMeaning('!', minWords)).toThrow(PromptSaysNothing);
  });

  it('counts words on both sides of the limit', () => {
    expect(() => requireMeaning('fix the bug', 3)).not.toThrow();
    expect(() => requireMeaning('fix, it -- !', 3)).toThrow(PromptTooShort);
  });

  it('tells how many words there are and how many are needed', () => {
    expect(() => requireMeaning('fix it', 3)).toThrow(expect.objectContaining({ words: 2, minWords: 3 }));
  });
});
