/** What this reader of inventories does not understand, in one line that quotes no value. Nothing is guessed instead. */
export class NotUnderstood extends Error {
  override name = 'NotUnderstood';
  /** What to do, where that is known better than in general. */
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}
