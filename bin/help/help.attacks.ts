import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../helpers/config/config.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { Command } from '../testing/supervised-run.ts';
import { VALUES } from './print.ts';

async function printed(...args: string[]): Promise<string> {
  const command = new Command(args, {});
  expect(await command.ended).toBe(0);
  return command.output;
}

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acc-completion-'));
  writeFileSync(join(folder, 'script'), await printed('completion', 'bash'));
  writeFileSync(join(folder, 'hosts.yaml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers when Tab is pressed behind these words, the last of which is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const program = `. ./script; COMP_WORDS=(acceptance "$@"); COMP_CWORD=$#; _acceptance; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['-c', program, 'bash', ...words], { cwd: folder });
  return stdout.split('\n');
}

test.for<[typed: string[], offered: string[]]>([
  [['sw'], ['sweep']],
  [['--temp'], ['--template']],
  [
    ['run', '--target', ''],
    ['embedded', 'container', 'live'],
  ],
  [['--only', 'create', '--target', 'l'], ['live']],
  [['sweep', '--target', 'c'], ['container']],
  [['--only', 'ext'], ['extend']],
  [['mock', '--only', ''], ['storpool']],
  [['--hosts', 'ho'], ['hosts.yaml']],
  [['--flavor', ''], ['']],
  [['mock', '--read'], ['--ready-file']],
  [['sweep', '--temp'], ['']],
  [['completion', 'b'], ['bash']],
])('behind %j bash offers %j', async ([typed, expected]) => {
  expect(await offered(...typed)).toEqual(expected);
});

test('where no command is named yet, all of them are offered, and the options of a run', async () => {
  const { stdout } = await execa('bash', ['-c', '. ./script; complete -p acceptance'], { cwd: folder });
  expect(stdout).toContain('-F _acceptance acceptance');
  expect(await offered('')).toEqual(
    expect.arrayContaining(['run', 'doctor', 'mock', 'man', '--version', '--help', '--template']),
  );
});

test('zsh gets the same words', async () => {
  expect(await printed('completion', 'zsh')).toMatch(/^#compdef acceptance\n[\s\S]*\nbashcompinit\n# Completes/);
});

test('what is offered is what settings and selections may be', () => {
  for (const name of ['target', 'clients', 'nic', 'image']) {
    for (const value of VALUES[`--${name}`] ?? []) {
      expect(readSettings({ [name]: value }, {})).toMatchObject({ [name]: value });
    }
  }
  expect(VALUES['--only']).toEqual(expect.arrayContaining(manifest.scenarios.map(({ id }) => id)));
});

test('the manual page tells each command and option of the help, in lines that roff takes as text or as a request that it knows', async () => {
  const [page, help, ofMock] = await Promise.all([printed('man'), printed('--help'), printed('mock', '--help')]);
  const plain = page.replaceAll('\\-', '-');
  const commands =
    help
      .split('\nExamples')[0]
      ?.match(/^ {2}([a-z]+) /gm)
      ?.map((line) => line.trim()) ?? [];
  expect(commands.length).toBeGreaterThan(12);
  for (const name of commands.filter((one) => one !== 'run')) {
    expect(plain).toContain(`\\fBacceptance ${name}\\fR`);
  }
  for (const [, flags = ''] of ofMock.matchAll(/^ {2}(--[a-z-]+(?: <\S+>)?)/gm)) {
    expect(plain, flags).toContain(`\\fB${flags}\\fR`);
  }
  expect(plain).toContain('.SH EXIT STATUS\n.nf\n0  accepted');
  expect(plain).toContain('acceptance plan --target live');
  expect(page.split('\n').filter((line) => /^['.]/.test(line) && !/^\.(?:TH|SH|SS|TP|nf|fi)\b/.test(line))).toEqual([]);
});
