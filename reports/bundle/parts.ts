import { createHash } from 'node:crypto';

/** What a bundle carries of a run, in this order: the verdict, what it was judged by, and its pages. */
export const PARTS = [
  'verdict.json',
  'evidence.ndjson',
  'journal.ndjson',
  'junit.xml',
  'sign-off.md',
  'sign-off.html',
  'sign-off.de.html',
  'allure/index.html',
] as const;
/** Without these there is nothing to prove. */
export const NEEDED: readonly string[] = ['verdict.json', 'evidence.ndjson', 'journal.ndjson'];
/** The in-toto statement as it is, where nobody signed it; or within a Sigstore bundle. */
export const UNSIGNED = 'statement.json';
export const SIGNED = 'statement.sigstore.json';

/** Files of one run by their names below its folder. */
export type Parts = ReadonlyMap<string, Buffer>;

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
