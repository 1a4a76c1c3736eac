import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inventoryDifference, takeInventory } from '../../../fixtures/cleanup/inventory.ts';
import * as images from '../../../fixtures/mock/disk-images/images-for-tests.ts';
import { Command, type Served, serveInAnotherProcess } from '../../testing/supervised-run.ts';

const PATIENCE_MS = 180_000;
const NOTHING = { appeared: [], vanished: [], changed: [] };
const { converted, onBacking, vmdkDescriptor } = images;

/** Images in Glance that were there before it inspected any: what they say they are, and what they are. */
const IN_GLANCE: readonly (readonly [name: string, diskFormat: string, make: images.Make, outcome: RegExp | 'filled'])[] = [
  ['backing', 'raw', onBacking('qcow2'), /has a backing file/],
  ['host-extent', 'raw', vmdkDescriptor('monolithicFlat', ({ secret }) => `RW 2048 FLAT "${secret}" 0`), /only names the files/],
  ['data-file', 'qcow2', images.onDataFile, /keeps its data in another file/],
  ['my:disc', 'iso', images.iso, 'filled'],
  ['dynamic', 'vhd', converted('vpc'), 'filled'],
];

let served: Served;
let workshop: images.Bench;
const folder = mkdtempSync(join(tmpdir(), 'acc-own-image-'));
beforeAll(async () => {
  workshop = images.makeBench(folder);
  const seeds = IN_GLANCE.map(([name, diskFormat, make]) => {
    const file = join(folder, name.replace(':', '-'));
    make(workshop, file);
    return { name, diskFormat, file };
  });
  const seed = join(folder, 'seed.yaml');
  writeFileSync(seed, JSON.stringify({ images: seeds }));
  served = await serveInAnotherProcess(['--seed', seed]);
}, PATIENCE_MS);
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Runs in a folder of its own, with `qemu-img` as a command that writes down what it is asked. */
async function filled(image: string): Promise<{ code: number | string; output: string; asked: string; left: unknown }> {
  const before = await takeInventory(served.clients);
  const place = mkdtempSync(join(folder, 'run-'));
  const log = join(place, 'asked');
  mkdirSync(join(place, 'bin'));
  const real = execFileSync('sh', ['-c', 'command -v qemu-img'], { encoding: 'utf8' }).trim();
  writeFileSync(join(place, 'bin', 'qemu-img'), `#!/bin/sh\necho "$@" >>'${log}'\nexec ${real} "$@"\n`, { mode: 0o755 });
  writeFileSync(log, '');
  const runs = join(place, 'runs');
  const environment = {
    ...served.environment,
    ACCEPTANCE_RUNS_DIR: runs,
    PATH: `${join(place, 'bin')}:${process.env['PATH'] ?? ''}`,
  };
  const command = new Command(['--only', 'fill', '--image', image, '--yes'], environment);
  const code = await command.ended;
  const left = [
    inventoryDifference(before, await takeInventory(served.clients)),
    readdirSync(runs).filter((name) => code === 2 && name !== 'lock'),
  ];
  return { code, output: command.output, asked: readFileSync(log, 'utf8'), left };
}

test.for(IN_GLANCE)('the image %s in Glance, which says %s', { timeout: PATIENCE_MS }, async ([name, , , outcome]) => {
  const { code, output, asked, left } = await filled(`glance:${name}`);
  expect(left, output).toEqual([NOTHING, []]);
  expect(output).not.toContain(images.SECRET);
  if (outcome === 'filled') {
    expect(code, output).toBe(0);
    expect(asked).toMatch(/convert .*-f (raw|vpc) -n -O raw/);
  } else {
    expect(code, output).toBe(2);
    expect(output).toMatch(outcome);
    expect(asked.trim()).toBe('--version');
  }
});

test.for([
  ['cut off', images.cut(converted('qcow2'), 0.6), /is damaged or cut off/],
  ['a folder', images.folder, /is a folder/],
] as const)('a file that is %s is refused before anything is made', { timeout: PATIENCE_MS }, async ([name, make, cause]) => {
  const file = join(folder, `file-${name}`);
  make(workshop, file);
  const { code, output, left } = await filled(file);
  expect(code, output).toBe(2);
  expect(output).toMatch(cause);
  expect(left).toEqual([NOTHING, []]);
});
