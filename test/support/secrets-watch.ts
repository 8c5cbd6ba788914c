/** Shorter texts stand in a log by chance. */
const SHORTEST = 10;
/** What a caller may never read back in a log or an error answer. */
const PROMPTS = new Set(['prompt', 'original_prompt', 'description']);
const KEY = /\bto_[A-Za-z0-9_-]{40,}/g;
/** The one line in which a service shows the key that it has just made. */
const NEW_KEY = /^.*"msg":"admin key made".*$|^ +to_[A-Za-z0-9_-]{40,}$/gm;

/**
 * Keys and prompts that tests have used, and a look for them where they must not be. Every client notes what it sends;
 * every error answer, and the log of every server, is looked through.
 */
export class SecretsWatch {
  private readonly noted = new Set<string>();

  /** Notes a key. */
  noteKey(key: string | null | undefined): void {
    this.note(key);
  }

  /** Notes every prompt in a body, wherever it stands. */
  notePrompts(body: unknown): void {
    const left = [body];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (typeof next !== 'object' || next === null) continue;
      for (const [name, value] of Object.entries(next)) {
        if (PROMPTS.has(name)) this.note(value);
        if (typeof value === 'object') left.push(value);
      }
    }
  }

  /** @throws Error when a key or a prompt stands in the text */
  mustNotBeIn(text: string, where: string): void {
    const searched = text.replaceAll(NEW_KEY, '');
    const keys = searched.match(KEY) ?? [];
    const found = [...keys, ...[...this.noted].filter((secret) => stands(secret, searched))];
    if (found.length > 0) throw new Error(`${where} repeats a key or a prompt: ${found.join(', ')}`);
  }

  private note(value: unknown): void {
    if (typeof value === 'string' && value.trim().length >= SHORTEST) this.noted.add(value);
  }
}

/** What every test of one spec has used. */
export const SECRETS = new SecretsWatch();

function stands(secret: string, text: string): boolean {
  return text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1));
}
