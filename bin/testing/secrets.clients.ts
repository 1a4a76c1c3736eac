import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { careless, onlyIn, telltale } from './secrets-for-tests.ts';

const KINDS = ['legacy', 'openstack'] as const;

/** Clients before all others in PATH that say all they know on both of their outputs, and then do as they were told. */
function talkative() {
  const path = mkdtempSync(join(tmpdir(), 'acc-talk-'));
  for (const client of ['openstack', 'cinder', 'glance', 'nova']) {
    const real = `PATH="\${PATH#*:}" exec ${client} "$@"`;
    writeFileSync(join(path, client), `#!/bin/sh\ncase "$*" in *--version*) ;; *) env >&2;; esac\n${real}\n`, { mode: 0o755 });
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test.for(KINDS)('a run with %s clients holds no secret in its files, its output and its command lines', async (kind) => {
  const { code, leaks, output, tokens } = await telltale({
    commands: [['run', '--clients', kind, '--only', 'create,image']],
  });

  expect(code, output).toBe(0);
  expect(leaks).toEqual([]);
  expect(tokens).toBeGreaterThan(3);
});

test.for(KINDS)('nor does one that fails with %s clients that say all they know, as the services do', async (kind) => {
  using talk = talkative();
  const faults = [
    onlyIn('create', careless('cinder.createVolume', 400)),
    careless('glance.createImage', 403),
    careless('storpool.VolumesReassignWait', 409),
  ];
  const environment = () => ({ PATH: `${talk.path}${delimiter}${process.env['PATH']}` });
  const commands = [['run', '--clients', kind, '--only', 'create,image,fill']];

  const { code, leaks, output } = await telltale({ faults, environment, commands });

  expect(code, output).toBe(1);
  expect(leaks).toEqual([]);
  expect(output).toContain('******');
});
