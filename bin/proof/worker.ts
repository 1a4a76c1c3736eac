import { globSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RegisteredScenario } from '../../fixtures/scenario/registered-scenarios.ts';
import type { Job, Result } from './jobs.ts';

// A worker of a proof: plays scenarios on clusters in this process, as many at once as it is told to, until the pool hangs up.
const root = join(import.meta.dirname, '..', '..');
enableCompileCache(join(root, 'node_modules', '.cache', 'acceptance-compiled'));

const { failed, order } = await import('./jobs.ts');
const { registeredScenarios } = await import('../../fixtures/scenario/registered-scenarios.ts');
const { attempt } = await import('../../fixtures/proof/fault-trial.ts');
const { attemptHealthy } = await import('../../fixtures/proof/healthy/healthy-trial.ts');
const { faultCatalogue } = await import('../../scenarios/fault-catalogue.ts');

/** For one scenario; those with a browser take some times as long. */
const TIMEOUT_MS = 180_000;
const WITH_BROWSER = 3;
const over = new AbortController();
const stop = () => over.abort(new Error('the proof was stopped'));
const working = new Set<Promise<void>>();

const scenarios = await registeredScenarios(async () => {
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
  // Once it has hung up nobody wants to hear what was cut off.
  const work = perform(job).then((result) => void (process.connected && process.send?.({ id, result })));
  working.add(work);
  void work.finally(() => working.delete(work));
});
process.send?.('ready');

async function perform(job: Job): Promise<Result> {
  const started = performance.now();
  try {
    return await carryOut(job);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return failed(job, told, Math.round(performance.now() - started));
  }
}

async function carryOut(job: Job): Promise<Result> {
  if (job.kind === 'healthy') {
    return { kind: 'healthy', of: await attemptHealthy(scenarios, job, within(scenarios.length * TIMEOUT_MS)) };
  }
  const { scenario, fault, switchedOff } = job;
  const trial = { fault: faultCatalogue.find(({ id }) => id === fault), switchedOff };
  const registered = scenarioOf(scenario);
  const timeoutMs = TIMEOUT_MS * (registered.book.needs === 'horizon' ? WITH_BROWSER : 1);
  return { kind: 'attempt', of: await attempt(registered, trial, within(timeoutMs)) };
}

function within(ms: number): AbortSignal {
  return AbortSignal.any([over.signal, AbortSignal.timeout(ms)]);
}

function scenarioOf(id: string): RegisteredScenario {
  const found = scenarios.find(({ book }) => book.id === id);
  if (found === undefined) {
    throw new Error(`there is no scenario ${id}`);
  }
  return found;
}
