/** What the two databases say in different words, where a list is read. */
export interface ListWords {
  /** The function that says where in a text another one begins; 0 for nowhere. */
  readonly contains: string;
  /** That a task `t` is in one of the groups, which are bound as a list in JSON. */
  readonly inGroups: string;
  /** Begins with what stands before it. */
  readonly thenTasks: string;
}

export const SQLITE_WORDS: ListWords = {
  contains: 'instr',
  inGroups: 't.group_id IN (SELECT value FROM json_each(?))',
  thenTasks: 'CROSS JOIN tasks t',
};

export const POSTGRES_WORDS: ListWords = {
  contains: 'strpos',
  // Not ANY: outside of WHERE that compares one after the other, and this looks it up.
  inGroups: 't.group_id IN (SELECT wanted.id::int FROM json_array_elements_text(?::json) wanted (id))',
  thenTasks: 'JOIN tasks t',
};
