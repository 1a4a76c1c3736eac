/** What this reader of inventories does not understand, in one line that quotes no value. Nothing is guessed instead. */
export class NotUnderstood extends Error {
  override name = 'NotUnderstood';
}
