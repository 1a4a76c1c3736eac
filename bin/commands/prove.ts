import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../fixtures/mock/faults/catalogue.ts';
import { proofEnvironment } from '../../fixtures/proof.ts';
import { newRunId } from '../../fixtures/run.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { type ProofResult, proofResult } from '../../helpers/proof-result.ts';
import { type Matrix, matrixOf, renderMatrix } from '../../reports/matrix.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { runsFolder } from '../runs.ts';
import { nearest } from '../selection.ts';

export interface ProveOptions {
  /** Ids of faults; all when empty. */
  readonly fault: readonly string[];
}

/** Plays the scenarios against one fresh embedded cluster per fault. Returns 0 when each check was seen red, and green without. */
export async function prove({ fault }: ProveOptions): Promise<number> {
  const faults = chosen(fault);
  const dir = join(runsFolder(), `proof-${newRunId(Date.now())}`);
  mkdirSync(dir, { recursive: true });
  const out = join(dir, 'results.ndjson');
  const started = performance.now();
  const code = await runVitest(
    proofEnvironment({ out, faults: faults.map(({ id }) => id), healthy: fault.length === 0 }),
    join(dir, 'runner.log'),
  );
  const results = existsSync(out) ? readResults(out) : [];
  const checks = fault.length === 0 ? manifest.checks.map(({ id }) => id) : [];
  const matrix = matrixOf(faults, results, checks);
  writeFileSync(join(dir, 'matrix.json'), JSON.stringify(matrix, null, 1));
  process.stdout.write(`${renderMatrix(matrix, manifest)}\n`);
  if (fault.length > 0) {
    process.stdout.write(`${inFull(matrix, results)}\n`);
  }
  process.stdout.write(`${results.length} runs in ${Math.round((performance.now() - started) / 1000)} s; all of it in ${dir}\n`);
  return matrix.holds && code === 0 ? 0 : 1;
}

function chosen(ids: readonly string[]) {
  const unknown = ids.find((id) => !catalogue.some((fault) => fault.id === id));
  if (unknown !== undefined) {
    const known = catalogue.map(({ id }) => id);
    throw new CannotRun('there is no such fault', { fault: unknown }, `Did you mean ${nearest(unknown, known) ?? known[0]}?`);
  }
  return ids.length === 0 ? catalogue : catalogue.filter(({ id }) => ids.includes(id));
}

async function runVitest(env: Record<string, string>, log: string): Promise<number> {
  const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
  const cwd = join(import.meta.dirname, '..', '..');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'scenarios'], { cwd, env: { ...process.env, ...env } });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  file.end();
  return code ?? 1;
}

function readResults(path: string): ProofResult[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => proofResult.parse(JSON.parse(line)));
}

/** Each outcome with its cause, for a person who looks at one fault. */
function inFull({ rows }: Matrix, results: readonly ProofResult[]): string {
  const told = results.flatMap(({ fault, scenario, met, outcomes, ms }) => [
    `\n${fault ?? 'healthy'} in ${scenario}: met ${met} times, ${ms} ms`,
    ...outcomes.map(
      ({ check, outcome, cause }) =>
        `  ${check}: ${outcome}${cause === undefined ? '' : `\n    ${cause.replaceAll('\n', '\n    ')}`}`,
    ),
  ]);
  return [...rows.map(({ fault, cause }) => `${fault}: ${cause}`), ...told].join('\n');
}
