import { randomUUID } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from '../../helpers/evidence.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { isText, maskFile } from '../masked-files.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';
import { type Adopted, addDrawnSteps } from './drawn-steps.ts';
import type { Store } from './format.ts';
import { checkResult, evidenceSteps, resultsOf } from './results.ts';
import { logsWorthALook, readServiceLogs } from './service-logs.ts';

export interface Staging {
  readonly verdict: Verdict;
  readonly lines: readonly Evidence[];
  readonly redactor: Redactor;
  /** What the scenarios drew; may be missing. */
  readonly from: string;
  /** The run's folder, which may hold the services' logs. */
  readonly runDir: string;
  /** Outcomes and durations over the last runs, in lines of text. */
  readonly trend?: string | undefined;
  /** An empty folder that receives what the report is made of. */
  readonly to: string;
}

/**
 * Gathers in one folder all that the report shows: a result for each check that was selected, with what its scenario drew, masked and brought
 * into line with the verdict, or what its evidence tells where that was lost; leaks and problems as global errors. Throws when a result is unreadable.
 */
export function stageAllure(staging: Staging): void {
  const { verdict, lines, redactor, to } = staging;
  const write = (file: string, text: string) => writeFileSync(join(to, file), maskFile(file, text, redactor));
  const store = storeIn(write);
  const drawn = stageDrawn(staging, write);
  const results = verdict.scenarios.flatMap(({ id, started }) => {
    const { steps, attachments } = drawn.get(id) ?? {
      steps: started ? evidenceSteps(verdict, ofScenario(lines, id), store) : [],
      attachments: [],
    };
    return started ? resultsOf(verdict, id, steps, attachments) : [];
  });
  const shown = new Set(results.map(({ fullName }) => fullName));
  const others = verdict.checks.filter(({ selected }) => selected).map((check) => checkResult(verdict, check));
  for (const result of [...results, ...others.filter(({ fullName }) => !shown.has(fullName))]) {
    write(`${result.uuid}-result.json`, JSON.stringify(result));
  }
  write('run-globals.json', JSON.stringify(globalsOf(staging, store)));
}

const ofScenario = (lines: readonly Evidence[], id: string) => lines.filter(({ scenario }) => scenario === id);

/** What was drawn, by scenario. Steps may be lost on the way from the test runner, as happens on a busy machine: then there is nothing. */
function stageDrawn({ verdict, from, to }: Staging, write: (file: string, text: string) => void): Map<string, Adopted> {
  const drawn = new Map<string, Adopted>();
  for (const file of filesIn(from)) {
    if (!isText(file)) {
      copyFileSync(join(from, file), join(to, file));
      continue;
    }
    const text = readFileSync(join(from, file), 'utf8');
    const adopted = file.endsWith('-result.json') ? addDrawnSteps(text, verdict) : undefined;
    if (adopted?.scenario === undefined) {
      write(file, text);
    } else if (adopted.steps.length > 0) {
      drawn.set(adopted.scenario, adopted);
    }
  }
  return drawn;
}

/** Each attachment gets a file of its own, even for the same text: Allure shows a file only where it is first referred to. */
function storeIn(write: (file: string, text: string) => void): Store {
  return (name, text, type) => {
    const source = `${randomUUID()}-attachment.${type === 'text/plain' ? 'txt' : 'json'}`;
    write(source, text);
    return { name, type, source };
  };
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

function globalsOf({ verdict, runDir, trend }: Staging, store: Store) {
  const timestamp = Date.parse(verdict.endedAt);
  const leaks = verdict.leaks.map(({ layer, kind, name, id }) => `left behind: ${layer} ${kind} ${name} (${id})`);
  const begin = verdict.cannotRun === undefined ? [] : [verdict.cannotRun];
  const folder = logsWorthALook(runDir, verdict.overall);
  const logs = (folder === undefined ? [] : readServiceLogs(folder)).map(({ name, text }) => store(name, text, 'text/plain'));
  const trends = trend === undefined ? [] : [store('trend over the last runs', trend, 'text/plain')];
  const attachments = [...trends, store('verdict.json', JSON.stringify(verdict, null, 2), 'application/json'), ...logs];
  return {
    attachments: attachments.map((attachment) => ({ ...attachment, timestamp })),
    errors: [...begin, ...verdict.problems, ...leaks, ...verdict.warnings].map((message) => ({ message, timestamp })),
  };
}
