import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../helpers/failure.ts';
import type { ProofSession } from '../proof-session.ts';
import { openCrashSite } from './crash-site.ts';
import { type Killed, linesIn, runAndKill, surviveKill } from './kill.ts';
import { mishaps, survive } from './mishaps.ts';

/** Farther than any journal goes: a run that is to be killed there ends by itself. */
const NEVER = 1_000_000;
/** By then a run has made things of all kinds. */
const LATE = 0.6;

/**
 * Kills full runs at positions of their journal, sweeps, and compares with what was there before: at every position, or at so many of them,
 * spread evenly. True when all were survived.
 */
export async function proveCrashes(session: ProofSession, sample: number | undefined): Promise<boolean> {
  const whole = await lengthOfJournal(session);
  const positions = positionsIn(whole, sample);
  session.say(`a full run writes ${whole} lines; ${positions.length} runs are killed and swept`);
  const left = [...positions];
  const results: Killed[] = [];
  const crew = async () => {
    await using site = await openCrashSite(session.signal);
    for (let at = left.shift(); at !== undefined && !session.signal.aborted; at = left.shift()) {
      const killed = await surviveKill(site, at).catch((error: unknown) => ({
        lines: 0,
        wrong: [messageOf(error)],
        output: '',
      }));
      results.push(killed);
      tell(session, at, killed);
      session.progress(`${results.length} of ${positions.length} runs`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), positions.length) }, crew));
  const unwell = await playMishaps(session, Math.ceil(whole * LATE));
  const survived = results.filter(({ wrong }) => wrong.length === 0);
  const seen = new Set(survived.map(({ lines }) => lines));
  session.say(
    `${results.length} runs killed, ${survived.length} swept without a trace, at ${seen.size} different positions of ${whole}; ` +
      `${session.seconds()} s; all of it in ${session.dir}`,
  );
  return survived.length === positions.length && unwell === 0;
}

/** What goes wrong besides, once each. Gives how many were not survived. */
async function playMishaps(session: ProofSession, lines: number): Promise<number> {
  let unwell = 0;
  for (const mishap of session.signal.aborted ? [] : mishaps) {
    const wrong = await survive(mishap, { lines }, session.signal).catch((error: unknown) => [messageOf(error)]);
    appendFileSync(join(session.dir, 'crashes.ndjson'), `${JSON.stringify({ mishap: mishap.id, wrong })}\n`);
    session.say(
      [`${mishap.what}: ${wrong.length === 0 ? 'so it is' : 'NOT so'}`, ...wrong.map((what) => `  ${what}`)].join('\n'),
    );
    unwell += wrong.length === 0 ? 0 : 1;
  }
  return unwell;
}

function tell({ dir, say }: ProofSession, at: number, killed: Killed): void {
  appendFileSync(join(dir, 'crashes.ndjson'), `${JSON.stringify({ at, ...killed })}\n`);
  if (killed.wrong.length > 0) {
    say([`killed at line ${killed.lines} (wanted ${at}):`, ...killed.wrong.map((what) => `  ${what}`), killed.output].join('\n'));
  }
}

/** How many lines a run writes that nobody kills. */
async function lengthOfJournal(session: ProofSession): Promise<number> {
  await using site = await openCrashSite(session.signal);
  return linesIn(await runAndKill(site, NEVER));
}

/** From the first line to the last. */
function positionsIn(whole: number, sample: number | undefined): number[] {
  const count = Math.min(whole, sample ?? whole);
  return Array.from({ length: count }, (_, n) => 1 + Math.floor((n * (whole - 1)) / Math.max(1, count - 1)));
}
