import { randomUUID } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from '../../helpers/evidence.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { isText, maskFile } from '../masked-files.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';
import { addDrawnSteps } from './drawn-steps.ts';
import type { Store } from './format.ts';
import { checkResult, scenarioResult, waivedResult } from './results.ts';
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
 * Gathers in one folder all that the report shows: what the scenarios drew, masked and brought into line with the verdict; a
 * result for each scenario and check that nobody drew, or whose drawing was lost; leaks and problems as global errors. Throws when a result is unreadable.
 */
export function stageAllure(staging: Staging): void {
  const { verdict, lines, redactor, to } = staging;
  const write = (file: string, text: string) => writeFileSync(join(to, file), maskFile(file, text, redactor));
  const store = storeIn(write);
  const { names, shown } = stageDrawn(staging, write);
  for (const { id, started, title } of verdict.scenarios) {
    const isShown = names.has(title) || verdict.checks.some((check) => check.scenario === id && shown.has(check.id));
    if (started && !isShown) {
      const own = lines.filter(({ scenario }) => scenario === id);
      write(`scenario-${id}-result.json`, JSON.stringify(scenarioResult(verdict, id, own, store)));
      for (const line of own) {
        shown.add(line.type === 'check' ? line.check : '');
      }
    }
  }
  for (const check of verdict.checks.filter(({ id }) => !shown.has(id))) {
    write(`check-${check.id}-result.json`, JSON.stringify(checkResult(verdict, check)));
  }
  for (const check of verdict.checks.filter(({ waived }) => waived !== undefined)) {
    write(`waived-${check.id}-result.json`, JSON.stringify(waivedResult(verdict, check)));
  }
  write('run-globals.json', JSON.stringify(globalsOf(staging, store)));
}

function stageDrawn({ verdict, from, to }: Staging, write: (file: string, text: string) => void) {
  const shown = new Set<string>();
  const names = new Set<string>();
  for (const file of filesIn(from)) {
    if (!isText(file)) {
      copyFileSync(join(from, file), join(to, file));
      continue;
    }
    const text = readFileSync(join(from, file), 'utf8');
    if (file.endsWith('-result.json')) {
      const adopted = addDrawnSteps(text, verdict);
      if (adopted.isEmpty) {
        continue;
      }
      names.add(adopted.name);
      adopted.checks.forEach((id) => {
        shown.add(id);
      });
      write(file, adopted.text);
    } else {
      write(file, text);
    }
  }
  return { names, shown };
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
