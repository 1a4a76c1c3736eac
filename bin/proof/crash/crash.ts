import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../helpers/failure.ts';
import type { Bench } from '../bench.ts';
import { type Killed, linesIn, runAndKill, surviveKill } from './kill.ts';
import { mishaps, survive } from './mishaps.ts';
import { openStation } from './station.ts';

/** Farther than any journal goes: a run that is to be killed there ends by itself. */
const NEVER = 1_000_000;
/** By then a run has made things of all kinds. */
const LATE = 0.6;

/**
 * Kills full runs at positions of their journal, sweeps, and compares with what was there before: at every position, or at so many of them,
 * spread evenly. True when all were survived.
 */
export async function proveCrashes(bench: Bench, sample: number | undefined): Promise<boolean> {
  const whole = await lengthOfJournal(bench);
  const positions = positionsIn(whole, sample);
  bench.say(`a full run writes ${whole} lines; ${positions.length} runs are killed and swept`);
  const left = [...positions];
  const results: Killed[] = [];
  const crew = async () => {
    await using station = await openStation(bench.signal);
    for (let at = left.shift(); at !== undefined && !bench.signal.aborted; at = left.shift()) {
      const killed = await surviveKill(station, at).catch((error: unknown) => ({
        lines: 0,
        wrong: [messageOf(error)],
        output: '',
      }));
      results.push(killed);
      tell(bench, at, killed);
      bench.progress(`${results.length} of ${positions.length} runs`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), positions.length) }, crew));
  const unwell = await playMishaps(bench, Math.ceil(whole * LATE));
  const survived = results.filter(({ wrong }) => wrong.length === 0);
  const seen = new Set(survived.map(({ lines }) => lines));
  bench.say(
    `${results.length} runs killed, ${survived.length} swept without a trace, at ${seen.size} different positions of ${whole}; ` +
      `${bench.seconds()} s; all of it in ${bench.dir}`,
  );
  return survived.length === positions.length && unwell === 0;
}

/** What goes wrong besides, once each. Gives how many were not survived. */
async function playMishaps(bench: Bench, lines: number): Promise<number> {
  let unwell = 0;
  for (const mishap of bench.signal.aborted ? [] : mishaps) {
    const wrong = await survive(mishap, { lines }, bench.signal).catch((error: unknown) => [messageOf(error)]);
    appendFileSync(join(bench.dir, 'crashes.ndjson'), `${JSON.stringify({ mishap: mishap.id, wrong })}\n`);
    bench.say([`${mishap.what}: ${wrong.length === 0 ? 'so it is' : 'NOT so'}`, ...wrong.map((what) => `  ${what}`)].join('\n'));
    unwell += wrong.length === 0 ? 0 : 1;
  }
  return unwell;
}

function tell({ dir, say }: Bench, at: number, killed: Killed): void {
  appendFileSync(join(dir, 'crashes.ndjson'), `${JSON.stringify({ at, ...killed })}\n`);
  if (killed.wrong.length > 0) {
    say([`killed at line ${killed.lines} (wanted ${at}):`, ...killed.wrong.map((what) => `  ${what}`), killed.output].join('\n'));
  }
}

/** How many lines a run writes that nobody kills. */
async function lengthOfJournal(bench: Bench): Promise<number> {
  await using station = await openStation(bench.signal);
  return linesIn(await runAndKill(station, NEVER));
}

/** From the first line to the last. */
function positionsIn(whole: number, sample: number | undefined): number[] {
  const count = Math.min(whole, sample ?? whole);
  return Array.from({ length: count }, (_, n) => 1 + Math.floor((n * (whole - 1)) / Math.max(1, count - 1)));
}
