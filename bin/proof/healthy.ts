import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { variationOf } from '../../fixtures/proof/healthy/variation.ts';
import type { HealthyResult } from '../../helpers/proof/healthy-result.ts';
import { isClean, renderHealthy } from '../../reports/matrix/healthy-text.ts';
import type { Result } from './jobs.ts';
import { runJobs } from './pool.ts';
import type { ProofSession } from './proof-session.ts';

export interface HealthyRequest {
  /** How many clusters. */
  readonly runs: number;
  /** Of the first one; the next ones follow it. */
  readonly seed: number;
  /** The dimensions in which they differ; as each seed chooses when there are none. */
  readonly vary?: readonly string[];
}

/** Plays all scenarios on so many healthy clusters, each different. True when nothing turned red and nobody else was touched. */
export async function proveHealthy(session: ProofSession, { runs, seed, vary = [] }: HealthyRequest): Promise<boolean> {
  // Throws for a name that is unknown.
  variationOf(seed, vary);
  session.say(`${runs} healthy clusters, seeds ${seed} to ${seed + runs - 1}`);
  const results: HealthyResult[] = [];
  const onResult = ({ kind, of }: Result) => {
    if (kind === 'healthy') {
      results.push(of);
      appendFileSync(join(session.dir, 'healthy.ndjson'), `${JSON.stringify(of)}\n`);
      const { alarms } = renderHealthy([of]);
      session.progress(`${results.length} of ${runs} runs`);
      if (alarms.length > 0) {
        session.say(alarms.join('\n'));
      }
    }
  };
  const jobs = Array.from({ length: runs }, (_, n) => ({
    job: { kind: 'healthy' as const, seed: seed + n, vary: [...vary] },
    waits: false,
  }));
  await runJobs(jobs, { log: join(session.dir, 'workers.log'), signal: session.signal, onResult });
  const { summary } = renderHealthy(results);
  writeFileSync(join(session.dir, 'healthy.json'), JSON.stringify({ seed, runs, results }, null, 1));
  session.say(`${summary.join('\n')}\n${results.length} runs in ${session.seconds()} s; all of it in ${session.dir}`);
  return results.length === runs && results.every(isClean);
}
