import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { faultCatalogue } from './fault-catalogue.ts';
import { manifest, playedRunbooks, runbooks } from './manifest.ts';

const FAULTS = '.faults.ts';
const find = (pattern: string) => globSync(pattern, { cwd: import.meta.dirname });

/** The faults that a file declares. */
async function declaredIn(file: string): Promise<readonly ProvenFault[]> {
  const declared = (await import(pathToFileURL(join(import.meta.dirname, file)).href)) as Record<string, readonly ProvenFault[]>;
  return Object.values(declared).flat();
}

test.for(runbooks)('$id: its runbook lies in the folder of its chapter under its name', ({ id, chapter }) => {
  const [file, ...others] = find(`**/${id}.runbook.ts`);
  expect(others).toEqual([]);
  const folder = manifest.chapters.find(({ number }) => number === chapter)?.folder;
  expect(file?.split('/')[0]).toBe(folder);
});

test.for(playedRunbooks)('$id: scenario and faults lie beside the runbook under its name', ({ id }) => {
  const folder = dirname(find(`**/${id}.runbook.ts`)[0] ?? '');
  const files = ['runbook', 'scenario', 'faults'].map((what) => join(folder, `${id}.${what}.ts`));
  expect(files.filter((file) => !existsSync(join(import.meta.dirname, file)))).toEqual([]);
});

test.for(find('**/*.faults.ts'))('%s holds the faults of its own scenario or check', async (file) => {
  const name = basename(file, FAULTS);
  const faults = await declaredIn(file);
  const firstOnes = faults.map(({ reddens: [first] }) => manifest.checks.find(({ id }) => id === first));
  expect(firstOnes.length).toBeGreaterThan(0);
  // A check with many faults has a file of its own, and then all of them lie there.
  const isCheck = manifest.checks.some(({ id }) => id === name);
  expect(new Set(firstOnes.map((check) => (isCheck ? check?.id : check?.scenario)))).toEqual(new Set([name]));
  const elsewhere = isCheck
    ? []
    : firstOnes.filter((check) => existsSync(join(import.meta.dirname, dirname(file), `${check?.id}${FAULTS}`)));
  expect(elsewhere).toEqual([]);
});

test('the catalogue holds every declared fault, once', async () => {
  const declared = (await Promise.all(find('**/*.faults.ts').map(declaredIn))).flat();
  const ids = faultCatalogue.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(declared.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
});
