import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Kept, Redactor } from '../helpers/redact.ts';

const TEXT = /\.(json|txt|log|xml|md|properties|csv|html)$/;
/** Allure reads these fields of its results, and puts nothing into them but the suite's own words (allure-js-commons 3.12, src/model.ts). */
const OF_ALLURE = new Set(
  ['uuid', 'historyId', 'testCaseId', 'fullName', 'titlePath', 'name', 'status', 'stage', 'type', 'source'].concat('value'),
);
const keptByAllure: Kept = (field) => OF_ALLURE.has(field);

/** True for a file whose text may hold what its writer was never told to hide. */
export function isText(name: string): boolean {
  return TEXT.test(name);
}

/** A file's text without secrets: what programs read in it stays what it is. Allure's results are known by their names. */
export function maskFile(name: string, text: string, redactor: Redactor): string {
  if (!name.endsWith('.json')) {
    return redactor.clean(text);
  }
  return /-(?:result|container|globals)\.json$/.test(name)
    ? redactor.maskJson(text, keptByAllure)
    : redactor.maskJson(text, undefined, 1);
}

/** Masks what other tools wrote into a folder (Allure's results, logs of services), but for the named files. */
export function maskFolder(folder: string, except: ReadonlySet<string>, redactor: Redactor): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !isText(entry.name) || except.has(relative(folder, path))) {
      continue;
    }
    const text = readFileSync(path, 'utf8');
    const masked = maskFile(entry.name, text, redactor);
    if (masked !== text) {
      writeFileSync(path, masked);
    }
  }
}
