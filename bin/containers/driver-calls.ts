import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type JournalState, readJournal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { type CheckEvidence, type Evidence, readEvidence } from '../../helpers/evidence.ts';

/** A line of the mock StorPool's log (fixtures/containers/storpool/main.ts). */
const logged = z.object({
  at: z.string(),
  /** The host that called, or `outside`. */
  from: z.string(),
  /** Empty for drivers and os-brick. */
  agent: z.string(),
  operation: z.string(),
  about: z.array(z.string()),
  status: z.number(),
});
export type LoggedCall = z.output<typeof logged>;

/** What the drivers asked of StorPool before a check was answered, since the one before it in its scenario. */
export interface CheckCalls {
  readonly scenario: string;
  readonly check: string;
  /** `VolumeCreate on controller`, in the order of their first call, and how often each. */
  readonly calls: ReadonlyMap<string, number>;
}

/** The calls of the log, without what else is there. */
export function readCallLog(text: string): LoggedCall[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => logged.safeParse(JSON.parse(line)))
    .flatMap(({ data }) => (data === undefined ? [] : [data]));
}

/**
 * The calls by which real drivers carried out what a run checked: those that came from a host of the cluster, not by StorPool's own command,
 * and were about something that the check's scenario had made.
 */
export function driverCalls(runDir: string, log: readonly LoggedCall[]): CheckCalls[] {
  const files = runFiles(runDir);
  const { entries } = readJournal(files.journal);
  const drivers = log.filter(({ from, agent }) => from !== 'outside' && agent === '');
  return byCheck(readEvidence(files.evidence).lines, entries, drivers);
}

function byCheck(lines: readonly Evidence[], entries: JournalState['entries'], calls: readonly LoggedCall[]): CheckCalls[] {
  const checks = lines.filter((line): line is CheckEvidence => line.type === 'check');
  return [...Map.groupBy(checks, ({ scenario }) => scenario)].flatMap(([scenario, own]) => {
    const ids = entries.flatMap((entry) => (entry.scenario === scenario && entry.id !== undefined ? [entry.id] : []));
    const about = calls.filter((call) => call.about.some((name) => ids.some((id) => name.includes(id))));
    return own.map(({ check, at }, i) => {
      const since = own[i - 1]?.at ?? '';
      const window = about.filter((call) => call.at > since && call.at <= at);
      return { scenario, check, calls: counted(window) };
    });
  });
}

function counted(calls: readonly LoggedCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { operation, from } of calls) {
    const what = `${operation.replace('storpool.', '')} on ${from}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}

/** A line for each check of the scenarios that made something: what the drivers asked for it. */
export function renderDriverCalls(checks: readonly CheckCalls[]): string {
  const made = new Set(checks.flatMap(({ scenario, calls }) => (calls.size === 0 ? [] : [scenario])));
  const shown = checks.filter(({ scenario }) => made.has(scenario));
  const width = Math.max(0, ...shown.map(({ check }) => check.length));
  return shown
    .map(({ check, calls }) => {
      const told = [...calls].map(([what, count]) => (count === 1 ? what : `${what} ×${count}`));
      return `${check.padEnd(width)}  ${told.join(', ') || 'only looked'}\n`;
    })
    .join('');
}

/** Writes that list beside the logs of the services. A run that has no evidence, as doctor's, gets none. */
export function writeDriverCalls(runDir: string, logs: string): void {
  const log = join(logs, 'storpool.log');
  if (existsSync(log) && existsSync(runFiles(runDir).evidence)) {
    const calls = driverCalls(runDir, readCallLog(readFileSync(log, 'utf8')));
    writeFileSync(join(logs, 'driver-calls.txt'), renderDriverCalls(calls), { mode: 0o600 });
  }
}
