import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const OPENS = `
const { openHost } = await import(process.argv[1]);
const transport = { kind: 'ssh', route: { destination: 'nowhere' } };
openHost({ name: 'n', client: 1, devices: '/dev/storpool', transport }, { environment: {} });
console.log('opened');
setInterval(() => {}, 1000);`;

async function openAndKill(folder: string): Promise<void> {
  const argv = ['--input-type=module', '-e', OPENS, join(import.meta.dirname, 'open.ts')];
  const child = spawn(process.execPath, argv, { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('however many processes are killed that have ways to hosts, there is one folder of theirs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-open-'));
  await openAndKill(folder);
  const before = readdirSync(folder);
  await openAndKill(folder);

  expect(before).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(before);
  rmSync(folder, { recursive: true });
});
