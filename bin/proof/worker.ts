import { globSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Collected } from '../../fixtures/collecting.ts';
import type { ProofResult } from '../../helpers/proof-result.ts';
import type { Job } from './jobs.ts';

// A worker of a proof: plays scenarios on clusters in this process, as many at once as it is told to, until the pool hangs up.
const root = join(import.meta.dirname, '..', '..');
enableCompileCache(join(root, 'node_modules', '.cache', 'acceptance-compiled'));

const { order } = await import('./jobs.ts');
const { collectScenarios } = await import('../../fixtures/collecting.ts');
const { attempt } = await import('../../fixtures/proof/attempt.ts');
const { catalogue } = await import('../../fixtures/mock/faults/catalogue.ts');

const TIMEOUT_MS = 120_000;
const over = new AbortController();
const stop = () => over.abort(new Error('the proof was stopped'));
const working = new Set<Promise<void>>();

const scenarios = await collectScenarios(async () => {
  for (const file of globSync('scenarios/**/*.scenario.ts', { cwd: root })) {
    await import(pathToFileURL(join(root, file)).href);
  }
});

// The pool answers for the end: it hangs up, also when it is killed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, stop);
}
process.once('disconnect', () => {
  stop();
  void Promise.allSettled(working).then(() => process.exit());
});
process.on('message', (message) => {
  const { id, job } = order.parse(message);
  const work = perform(job).then((result) => void process.send?.({ id, result }));
  working.add(work);
  void work.finally(() => working.delete(work));
});
process.send?.('ready');

async function perform(job: Job): Promise<ProofResult> {
  const started = performance.now();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const { scenario, fault, switchedOff } = job;
  try {
    return await attempt(scenarioOf(scenario), { fault: catalogue.find(({ id }) => id === fault), switchedOff }, signal);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const nothing = { met: 0, outcomes: [], broken: [], ms: Math.round(performance.now() - started) };
    return { scenario, ...(fault && { fault }), ...(switchedOff && { switchedOff }), error: told, ...nothing };
  }
}

function scenarioOf(id: string): Collected {
  const found = scenarios.find(({ book }) => book.id === id);
  if (found === undefined) {
    throw new Error(`there is no scenario ${id}`);
  }
  return found;
}
