import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Command, serveInAnotherProcess } from '../testing/supervised-run.ts';

test('a run that does not fit ends with 2 before the question and before anything is made, and says by how much', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-unfit-'));
  const seed = join(folder, 'seed.yaml');
  writeFileSync(seed, JSON.stringify({ quota: { volumes: 2 } }));
  await using served = await serveInAnotherProcess(['--seed', seed]);
  rmSync(folder, { recursive: true });

  const command = new Command(['--only', 'image,boot,snapshot', '--yes'], served.environment);

  expect(await command.ended, command.output).toBe(2);
  const told = /does not fit into the cloud\n +quota volumes: (\d+) needed at once, 2 left of 2: (\d+) too few\n/;
  const [, needed, tooFew] = told.exec(command.output) ?? [];
  expect(Number(needed), command.output).toBeGreaterThan(2);
  expect(Number(tooFew)).toBe(Number(needed) - 2);
  expect(command.output).not.toContain('Go on?');
  expect(await served.clients.cinder.volumes.list()).toEqual([]);
  expect(readdirSync(served.runsDir).filter((name) => name !== 'lock')).toEqual([]);
});
