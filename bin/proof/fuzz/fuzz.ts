import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Played } from '../../../fixtures/proof/fuzz/play.ts';
import { requests } from '../../../fixtures/proof/fuzz/requests.ts';
import { inWords, type Step } from '../../../fixtures/proof/fuzz/step.ts';
import { type Entry, surface } from '../../../fixtures/proof/fuzz/surface.ts';
import type { ProofSession } from '../proof-session.ts';
import { Player } from './player.ts';
import { fewest } from './shrink.ts';

/** Requests that one cluster is asked. */
const AT_ONE = 300;
const SHRINKING_MS = 90_000;
const MOST_FAILURES = 10;

export interface FuzzRequest {
  readonly requests: number;
  /** Of the first cluster's requests; the next ones follow it. */
  readonly seed: number;
}

/** Asks fresh clusters so many things, by chance and in bad form. True when none crashed, hung, broke or lost what it must keep. */
export async function proveFuzz(session: ProofSession, { requests: wanted, seed }: FuzzRequest): Promise<boolean> {
  const entries = await surface();
  const clusters = Math.ceil(wanted / AT_ONE);
  session.say(
    `${clusters * AT_ONE} requests to ${entries.length} operations of ${clusters} clusters, seeds ${seed} to ${seed + clusters - 1}`,
  );
  const left = Array.from({ length: clusters }, (_, n) => seed + n);
  const results: Played[] = [];
  let failures = 0;
  const crew = async () => {
    await using player = new Player(join(session.dir, 'workers.log'));
    for (let next = left.shift(); next !== undefined && failures < MOST_FAILURES; next = left.shift()) {
      const steps = stepsOf(entries, next);
      const result = await player.play(steps, session.signal);
      results.push(result);
      session.progress(`${results.length} of ${clusters} clusters`);
      if (result.wrong.length > 0) {
        failures += 1;
        await tell(session, player, { seed: next, steps, result });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), clusters) }, crew));
  session.say(`${summary(results, entries)}\n${results.length} clusters in ${session.seconds()} s; all of it in ${session.dir}`);
  return results.length === clusters && failures === 0;
}

/** The same for the same seed. */
function stepsOf(entries: readonly Entry[], seed: number): Step[] {
  return fc.sample(requests(entries), { seed, numRuns: AT_ONE });
}

interface Failure {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly result: Played;
}

/** Says what was wrong, after which requests, and how to see it again. */
async function tell(session: ProofSession, player: Player, { seed, steps, result }: Failure): Promise<void> {
  const began = performance.now();
  const isOver = () => performance.now() - began > SHRINKING_MS || session.signal.aborted;
  const fails = async (some: readonly Step[]) => (await player.play(some, session.signal)).wrong.length > 0;
  const least = await fewest(steps, fails, isOver);
  const file = join(session.dir, `fuzz-${seed}.json`);
  writeFileSync(file, JSON.stringify({ seed, wrong: result.wrong, least }, null, 1));
  session.say(
    [
      `seed ${seed}: ${result.wrong.join('\n')}`,
      `after ${least.length} requests:`,
      ...least.map((step) => `  ${inWords(step)}`),
      `see it again: npm run prove -- --fuzz ${AT_ONE} --seed ${seed}`,
    ].join('\n'),
  );
}

function summary(results: readonly Played[], entries: readonly Entry[]): string {
  const answers = new Map<string, number>();
  for (const [status, times] of results.flatMap((one) => Object.entries(one.answers))) {
    answers.set(status, (answers.get(status) ?? 0) + times);
  }
  const asked = [...answers.values()].reduce((sum, times) => sum + times, 0);
  const done = new Set(results.flatMap((one) => Object.keys(one.done)));
  const written = entries.filter(({ missing }) => !missing);
  const told = [...answers].sort().map(([status, times]) => `${status === '0' ? 'no answer' : status}: ${times}`);
  return [
    `${asked} requests; answers ${told.join(', ')}`,
    `${written.filter(({ name }) => done.has(name)).length} of the ${written.length} written operations were carried out`,
    `${results.filter(({ wrong }) => wrong.length > 0).length} clusters broke`,
  ].join('\n');
}
