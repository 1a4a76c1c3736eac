import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runFiles } from '../../fixtures/run/run.ts';
import { environment, readGivenSettings, type SettingOptions } from '../../helpers/config/config.ts';
import { fromHere } from '../../helpers/config/named-file.ts';
import { CannotRun } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { readVerdict } from '../../reports/report.ts';
import { driverCalls, readCallLog } from '../containers/driver-calls.ts';
import { driversPage, isWorse, pairsOf, renderDrivers, type Side } from '../containers/driver-comparison.ts';
import { isThere, runsFolder } from '../runs-folder.ts';
import { selected } from '../selected.ts';
import { play } from './run.ts';

export interface CompareOptions extends Omit<SettingOptions, 'driver'> {
  /** Each a driver: `packaged`, or its components. */
  readonly driver?: readonly string[];
}

const PACKAGED = 'packaged';

/**
 * Plays the same run on OpenStack in containers with one driver and with another, and prints what is different. Gives 0 unless something is
 * red with the second that is green with the first. Throws CannotRun when one of the runs could not begin.
 */
export async function compareDrivers(run: string | undefined, compared: CompareOptions, redactor: Redactor): Promise<number> {
  const { driver: given = [], ...options } = compared;
  const [one, other] = given;
  if (run !== undefined || one === undefined || other === undefined || given.length !== 2) {
    const advice = `Give two, and no run: --driver ${PACKAGED} --driver cinder=PATH; components with commas: cinder=PATH,os-brick=PATH.`;
    throw new CannotRun('two drivers are compared', { given: [...given, ...(run === undefined ? [] : [run])].join(' ') }, advice);
  }
  const { readDrivers } = await import('../../fixtures/containers/drivers/under-test.ts');
  const sides = [one, other].map((text) => (text === PACKAGED ? [] : text.split(/,(?=[\w-]+=)/)));
  // Both, before either is started.
  await Promise.all(sides.map((drivers) => readDrivers(drivers, environment()['INIT_CWD'] ?? '.')));
  const first = await sideOf(sides[0] ?? [], options, redactor);
  if (typeof first === 'number') {
    return first;
  }
  const second = await sideOf(sides[1] ?? [], options, redactor);
  if (typeof second === 'number') {
    return second;
  }
  const page = join(runsFolder(), second.verdict.runId, 'drivers.md');
  writeFileSync(page, redactor.clean(driversPage(first, second)), { mode: 0o600 });
  process.stdout.write(`\n${renderDrivers(first, second)}\nAll checks and calls: ${relative(fromHere('.'), page)}\n`);
  return isWorse(pairsOf(first, second)) ? 1 : 0;
}

/** What came of the run with these drivers, or the exit code of one that was interrupted. */
async function sideOf(drivers: readonly string[], options: SettingOptions, redactor: Redactor): Promise<Side | number> {
  const folder = runsFolder();
  const driver = drivers.length === 0 ? {} : { driver: drivers };
  const given = readGivenSettings({ ...options, ...driver, target: 'container' });
  const selection = selected(given.settings, runsFolder, (text) => process.stdout.write(`${text}\n`));
  let dir: string | undefined;
  const code = await play({
    ...{ given, selection, redactor },
    onConcluded: (of) => {
      dir = of;
    },
  });
  if (dir === undefined || code > LAST_VERDICT) {
    return code;
  }
  const verdict = readVerdict(dir);
  const log = join(runFiles(dir).services, 'storpool.log');
  const words = Object.entries(verdict.target.facts).filter(([name]) => name.endsWith(' under test'));
  return {
    driver: words.map(([name, text]) => `${name.replace(' under test', '')}: ${text}`).join('; ') || PACKAGED,
    verdict,
    calls: isThere(log) ? driverCalls(join(folder, verdict.runId), readCallLog(readFileSync(log, 'utf8'))) : [],
  };
}

/** Exit codes above are those of signals. */
const LAST_VERDICT = 3;
