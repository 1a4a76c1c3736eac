import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveMock } from '../../fixtures/mock/standalone.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';
import { Command } from './supervised-run.ts';

const PATIENCE_MS = 240_000;
const SETTINGS = {
  ...{ ACCEPTANCE_TARGET: 'live', ACCEPTANCE_YES: 'true', ACCEPTANCE_CLIENTS: 'rest' },
  ...{ ACCEPTANCE_TEMPLATE: 'hybrid', ACCEPTANCE_REPLICATION: '3', ACCEPTANCE_FLAVOR: 'm1.small' },
};

/** Runs a scenario on a healthy cluster whose administrator has that password. */
async function runWith(password: string) {
  const dir = mkdtempSync(join(tmpdir(), 'acc-common-'));
  using _dir = { [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
  const settings = (healthy: Parameters<NonNullable<Parameters<typeof serveMock>[0]['settings']>>[0]) => ({
    ...healthy,
    openstack: { ...healthy.openstack, password },
  });
  await using served = await serveMock({ dir, portBase: 0, persist: false, settings });
  const runsDir = join(dir, 'runs');
  mkdirSync(runsDir);
  const environment = { ...served.exports, ...SETTINGS, ACCEPTANCE_RUNS_DIR: runsDir };
  const command = new Command(['run', '--only', 'create'], environment);
  const code = await command.ended;
  expect(code, command.output).toBe(0);
  const run = readdirSync(runsDir).find((name) => !name.includes('.')) ?? '';
  const read = (file: string) => readFileSync(join(runsDir, run, file), 'utf8');
  return {
    verdict: JSON.parse(read('verdict.json')) as Verdict,
    junit: read('junit.xml'),
    page: read('sign-off.md'),
  };
}

test.for(['storpool', 'create', 'type'])(
  'a password that is the word %s changes no verdict',
  {
    timeout: PATIENCE_MS,
  },
  async (password) => {
    const { verdict, junit, page } = await runWith(password);

    expect(verdict.problems).toEqual([]);
    expect(verdict.checks.filter(({ selected }) => selected).map(({ id }) => id)).toContain('create.available');
    expect(junit).toContain('name="create.available"');
    expect(page).toContain('| create.available | ');
  },
);
