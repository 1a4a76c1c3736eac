import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { docker } from '../../../fixtures/containers/cluster/docker.ts';
import { labelled } from '../../../fixtures/containers/cluster/labels.ts';
import { shell } from '../../../helpers/commands/shell.ts';
import { systemEnvironment } from '../../../helpers/config/config.ts';
import { Command, runUntil } from '../../testing/supervised-run.ts';

const PATIENCE_MS = 600_000;
/** With a server, a volume attached by hand, and volumes on their way. */
const WORK = ['--target', 'container', '--only', 'create,extend,boot'];
/** Enough for a server among them, or for it to be on its way. */
const THINGS = 9;

const runsDir = mkdtempSync(join(tmpdir(), 'acc-outages-'));
afterAll(() => rmSync(runsDir, { recursive: true }));

const linesWith = (text: string, word: string) =>
  text
    .split('\n')
    .filter((line) => line.includes(word))
    .toSorted();

/** What this machine has of such clusters: things of Docker's, loop devices on the mock's files, mounts. */
async function traces() {
  const { stdout } = await shell(['losetup', '--list', '--noheadings', '--output', 'NAME,BACK-FILE'], {
    environment: systemEnvironment(),
  });
  return {
    labelled: (await labelled()).map(({ kind, id }) => `${kind} ${id}`).toSorted(),
    networks: linesWith(await docker('network', 'ls', '--format', '{{.Name}}'), 'acceptance-'),
    devices: linesWith(stdout, '/storpool-mock/'),
    mounts: linesWith(readFileSync('/proc/self/mounts', 'utf8'), 'docker'),
  };
}

test('a supervisor that is killed in mid-run: sweep leaves no container, network, device or mount', {
  timeout: PATIENCE_MS,
}, async () => {
  const before = await traces();
  const environment = { ACCEPTANCE_RUNS_DIR: runsDir };
  const { command } = await runUntil(THINGS, WORK, { environment, runsDir, withinMs: PATIENCE_MS });
  const devices = async () => (await traces()).devices;
  await expect.poll(devices, { timeout: PATIENCE_MS, interval: 100 }).not.toEqual(before.devices);

  command.child.kill('SIGKILL');
  await command.ended;
  const shown = new Command(['sweep'], environment);
  expect(await shown.ended, shown.output).toBe(0);
  expect(shown.output).toMatch(/container \w+ of run/);
  const sweep = new Command(['sweep', '--yes'], environment);

  expect(await sweep.ended, sweep.output).toBe(0);
  expect(await traces()).toEqual(before);
});
