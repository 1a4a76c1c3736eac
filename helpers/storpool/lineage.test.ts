import { expect, test } from 'vitest';
import { originOf } from './lineage.ts';
import type { StorpoolSnapshots } from './snapshots.ts';

type Found = Awaited<ReturnType<StorpoolSnapshots['find']>>;

/** Snapshots by name: what each was taken of, and its parent. */
function snapshots(rows: Readonly<Record<string, readonly [of: string, parentName: string]>>) {
  let asked = 0;
  const find = async (name: string) => {
    asked += 1;
    if (asked > 9) {
      throw new Error('it asks without end');
    }
    const row = rows[name];
    return row && ({ name, globalId: name.slice(1), createdFromGlobalId: row[0], parentName: row[1] } as Found);
  };
  return { find };
}

const isOfCinder = (name: string) => name.startsWith('os--snap');
const origin = (rows: Parameters<typeof snapshots>[0], parentName: string) =>
  originOf(snapshots(rows), { globalId: 'v', parentName }, isOfCinder);

test.for([
  ['snapshots of it are passed', { '~a': ['v', '~b'], '~b': ['v', 'os--snap-1'] }, 'os--snap-1'],
  ['one of another volume is its parent', { '~a': ['w', ''] }, '~a'],
  ['one that is told as its own parent ends nothing', { '~a': ['v', '~a'] }, '~a'],
  ['nor do two that are each other’s', { '~a': ['v', '~b'], '~b': ['v', '~a'] }, '~a'],
] as const)('%s', async ([, rows, expected]) => {
  expect(await origin(rows, '~a')).toBe(expected);
});
