import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRunId, runFiles } from '../../fixtures/run/run.ts';
import { isClientCommand } from '../../helpers/commands/commands.ts';
import { type Evidence, readEvidence } from '../../helpers/evidence.ts';
import { Command } from './supervised-run.ts';

/** A whole run: its output, exit code and evidence. */
async function accept(clients: string) {
  const runs = mkdtempSync(join(tmpdir(), 'acc-accept-'));
  const command = new Command(['--clients', clients], { ACCEPTANCE_RUNS_DIR: runs });
  const code = await command.ended;
  const [run = ''] = readdirSync(runs).filter(isRunId);
  const { lines } = readEvidence(runFiles(join(runs, run)).evidence);
  rmSync(runs, { recursive: true });
  return { code, output: command.output, lines };
}

const outcomes = (lines: readonly Evidence[]) =>
  Object.fromEntries(lines.flatMap((line) => (line.type === 'check' ? [[line.check, line.outcome]] : [])));

/** Steps that showed the command of a client, and that command. */
function shownSteps(lines: readonly Evidence[]) {
  return lines.flatMap((line) =>
    line.type === 'step' && line.state === 'done' && line.command !== undefined && isClientCommand(line.command)
      ? [{ ...line, command: line.command }]
      : [],
  );
}

/** What was shown and not typed exactly so: only ids were not known when it was shown. */
function notTyped(lines: readonly Evidence[]): string[] {
  return shownSteps(lines).flatMap((line) => {
    const typed = (line.executions ?? []).map(({ command }) => command);
    const shown = line.command.split(/<id of [\w-]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(`^${shown.join('[0-9a-f-]{36}')}$`);
    return typed.some((command) => pattern.test(command)) ? [] : [`${line.scenario}: ${line.command}, but ${typed.join('; ')}`];
  });
}

test('a run by each kind of client comes to the same verdict, by the commands that it shows', async () => {
  const rest = await accept('rest');
  const legacy = await accept('legacy');
  const openstack = await accept('openstack');

  expect([rest.code, legacy.code, openstack.code], `${legacy.output}${openstack.output}`).toEqual([0, 0, 0]);
  expect(Object.keys(outcomes(rest.lines)).length).toBeGreaterThan(40);
  expect(outcomes(legacy.lines)).toEqual(outcomes(rest.lines));
  expect(outcomes(openstack.lines)).toEqual(outcomes(rest.lines));
  expect(shownSteps(legacy.lines).length).toBeGreaterThan(40);
  expect(notTyped(legacy.lines)).toEqual([]);
  expect(notTyped(openstack.lines)).toEqual([]);
  expect(legacy.output).toMatch(/\d+ client calls took .* in all/);
  expect(rest.output).not.toContain('client call');
});
