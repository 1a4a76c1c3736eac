import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { readYaml } from '../../helpers/config/yaml.ts';
import { Command, type Served, serveInAnotherProcess } from './supervised-run.ts';

const PATIENCE = { timeout: 180_000 };

const test = base.extend('served', async ({}, { onCleanup }): Promise<Served> => {
  const served = await serveInAnotherProcess();
  onCleanup(() => served[Symbol.asyncDispose]());
  return served;
});

/** As somebody who has an openrc and StorPool's variables, and no settings of the suite but its hosts. */
async function acceptance(
  { environment, runsDir }: Served,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const own = Object.entries(environment).filter(([name]) => !name.startsWith('ACCEPTANCE_') || name === 'ACCEPTANCE_HOSTS');
  const command = new Command(args, { ...Object.fromEntries(own), INIT_CWD: runsDir, ACCEPTANCE_RUNS_DIR: runsDir, ...more });
  return { code: await command.ended, output: command.output };
}

test('init writes what it finds, never over what is there, and a run begins with nothing else', PATIENCE, async ({ served }) => {
  const file = join(served.runsDir, 'acceptance.yaml');

  const first = await acceptance(served, ['init']);

  expect(first).toMatchObject({ code: 0, output: expect.stringContaining(`${file} was written`) });
  const written = readFileSync(file, 'utf8');
  expect(readYaml(written)).toMatchObject({
    ...{ target: 'live', template: 'hybrid', replication: 3, image: 'canary', nic: 'none' },
    hosts: expect.arrayContaining([
      expect.objectContaining({ client: expect.any(Number), roles: expect.arrayContaining(['controller']) }),
    ]),
  });
  expect(written).toMatch(/^volume-type: \S+ +# .*leads to \S+/m);
  expect(written).not.toContain(served.environment['OS_PASSWORD']);
  expect(await acceptance(served, ['init'])).toMatchObject({
    code: 2,
    output: expect.stringContaining('the settings file is there already'),
  });
  expect(readFileSync(file, 'utf8')).toBe(written);

  // The runs folder is not where settings lie: only the file says that this is a live cluster.
  const unasked = await acceptance(served, ['--only', 'delete']);
  expect(unasked).toMatchObject({
    code: 2,
    output: expect.stringContaining('nobody can be asked whether this cluster may be used'),
  });
  expect(unasked.output).toMatch(/settings: .*only delete \(--only\).*template hybrid \(acceptance\.yaml\)/);
  expect(unasked.output).toMatch(/not played: .*create/);
  expect(unasked.output).toMatch(/It should take about \d+ s, estimated by what is made\./);
});

test('a volume type that is not there is told, and nothing is written', PATIENCE, async ({ served }) => {
  const { code, output } = await acceptance(served, ['init', '--volume-type', 'nvme', '--out', 'other.yaml']);

  expect(code).not.toBe(0);
  expect(output).toContain('Cinder has no volume type nvme');
  expect(existsSync(join(served.runsDir, 'other.yaml'))).toBe(false);
});

test('a settings file for another target is told and not used', PATIENCE, async ({ served }) => {
  writeFileSync(join(served.runsDir, 'acceptance.yaml'), 'target: container\nrelease: zed\n');

  const { output } = await acceptance(served, ['--only', 'delete'], { ACCEPTANCE_TARGET: 'live' });

  expect(output).toContain(`${join(served.runsDir, 'acceptance.yaml')} is for another target than live, and not used.`);
});

test('clouds.yaml is looked for where the command is typed, as openstacksdk does', PATIENCE, async ({ served }) => {
  const { environment, runsDir } = served;
  const { OS_CLIENT_CONFIG_FILE = '', ...others } = environment;
  copyFileSync(OS_CLIENT_CONFIG_FILE, join(runsDir, 'clouds.yaml'));
  const own = Object.entries(others).filter(([name]) => !name.startsWith('ACCEPTANCE_'));
  const variables = { ...Object.fromEntries(own), INIT_CWD: runsDir, ACCEPTANCE_RUNS_DIR: runsDir };

  const command = new Command(['init', '--out', 'found.yaml'], variables);

  const code = await command.ended;
  expect(`${code}: ${command.output}`).toMatch(/^0: /);
  expect(readFileSync(join(runsDir, 'found.yaml'), 'utf8')).toMatch(/^cloud: /m);
});
