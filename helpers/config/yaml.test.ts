import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readHostsFile } from '../hosts/inventory/inventory-file.ts';
import { readYaml } from './yaml.ts';

test('a tag that nobody knows is no reason to print the line on which it stands', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const printed = vi.spyOn(console, 'warn').mockReturnValue();
  const folder = mkdtempSync(join(tmpdir(), 'acc-yaml-'));
  const path = join(folder, 'hosts.yml');
  const variables = 'ansible_host: 10.0.0.1, ansible_become_password: !unknown hunter22';
  writeFileSync(path, `all: {hosts: {one: {${variables}}}}\n`);
  try {
    const error = await readHostsFile(path).catch(String);
    expect(error).toMatch(/a tag that is not known here/);
    expect(error).not.toContain('hunter');
    expect([...warned.mock.calls, ...printed.mock.calls]).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.for([
  ['an indentation', 'a: 1\n password: hunter22\n  b: 2', /^Nested mappings .* \(line 1, column 4\)$/],
  ['a quote that does not end', 'password: "hunter22', /^Missing closing "quote \(line 1, column 20\)$/],
  ['an escape', 'password: "\\hunter22"', /^bad dq escape \(line 1, column 12\)$/],
  ['a token', 'password: "x" hunter22', /^unexpected token \(line 1, column 15\)$/],
  ['an alias', 'password: *hunter22', /an alias names no anchor/],
] as const)('what is wrong with %s is told by its place, without a word of the file', ([, text, told]) => {
  let message = '';
  try {
    readYaml(text);
  } catch (error) {
    message = String(error).replace('Error: ', '');
  }
  expect(message).toMatch(told);
  expect(message).not.toContain('hunter');
});
