const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text can be the id of a task, in upper or lower case. What cannot is not asked of the database. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
