import { readGivenSettings, type SettingOptions } from '../../helpers/config/config.ts';
import { CannotRun } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { plural } from '../../reports/terminal/text.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { resumable } from '../run/carried.ts';
import { findRun, runsFolder } from '../runs-folder.ts';
import { play } from './run.ts';

/** Plays what a run did not get to; the rest counts as it was. Gives the exit code of the whole. Throws CannotRun. */
export async function resume(run: string | undefined, options: SettingOptions, redactor: Redactor): Promise<number> {
  const { carried, left } = resumable(findRun(runsFolder(), run), manifest);
  const { kind } = carried.target;
  // Whoever does not say where goes on where the run was.
  const given = readGivenSettings({ target: kind, ...options });
  const { settings } = given;
  if (settings.target !== kind) {
    const details = { run: carried.from, target: settings.target };
    throw new CannotRun(`this run was on target ${kind}`, details, `Resume it there: --target ${kind}`);
  }
  process.stdout.write(
    `Run ${carried.from} goes on: ${carried.checks} of its ${carried.selection.length} checks count as they were, ${plural(left.scenarios.length, 'scenario')} will be played.\n`,
  );
  return await play({ given, selection: left, redactor, carried });
}
