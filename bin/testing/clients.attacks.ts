import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFiles } from '../../fixtures/run/run.ts';
import { readEvidence } from '../../helpers/evidence.ts';
import { Command } from './supervised-run.ts';

const PATIENCE = { timeout: 180_000 };

/** A runs' folder, and clients that stand before all others in PATH: each writes down that it was started. */
function trapped(version: string) {
  const path = mkdtempSync(join(tmpdir(), 'acc-traps-'));
  const [runs, traps, trail] = ['runs', 'traps', 'trail'].map((name) => join(path, name)) as [string, string, string];
  mkdirSync(runs);
  mkdirSync(traps);
  for (const client of ['openstack', 'cinder', 'glance', 'nova', 'storpool']) {
    writeFileSync(join(traps, client), `#!/bin/sh\necho "$0 $*" >>'${trail}'\necho ${version}\n`, { mode: 0o755 });
  }
  const environment = { ACCEPTANCE_RUNS_DIR: runs, PATH: `${traps}:${process.env['PATH']}` };
  return {
    ...{ runs, environment },
    started: () => (existsSync(trail) ? readFileSync(trail, 'utf8') : ''),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

test('with rest, and on the embedded cluster by default, no client is started', PATIENCE, async () => {
  using place = trapped('99.0.0');

  const command = new Command(['--only', 'delete'], place.environment);
  const code = await command.ended;

  expect(command.output).toContain('ACCEPTED');
  expect(code).toBe(0);
  expect(place.started()).toBe('');
  const [run = ''] = readdirSync(place.runs);
  const { lines } = readEvidence(runFiles(join(place.runs, run)).evidence);
  expect(lines.filter((line) => 'clients' in line)).toEqual([]);
});

test('a client that is too old is named with its package, by exit code 2, before anything is made', PATIENCE, async () => {
  using place = trapped('1.0.0');

  const command = new Command(['--only', 'delete', '--clients', 'openstack'], place.environment);
  const code = await command.ended;

  expect(command.output).toContain(
    'openstack 1.0.0 is too old: at least 5.5.0 is needed\n  → Install a newer python3-openstackclient',
  );
  expect(code).toBe(2);
  expect(place.started()).toMatch(/^\S+\/openstack --version\n$/);
  expect(readdirSync(place.runs)).toEqual([]);
});
