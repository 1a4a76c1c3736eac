import { type CrashSite, openCrashSite } from './crash-site.ts';
import { differences, killAll, runAndKill, runUntil, surviveKill } from './kill.ts';

/** Something that goes wrong besides the kill. */
export interface Mishap {
  readonly id: string;
  readonly what: string;
  /** What was not as it must be, in words. */
  readonly play: (site: CrashSite, how: Extent) => Promise<string[]>;
}

/** How much of a run is played: its scenarios, and how many lines of its journal are written before the kill. */
export interface Extent {
  readonly only?: string | undefined;
  readonly lines: number;
}

const CANNOT_RUN = 2;
const LEFT = 3;
const LOST_REPLIES = ['lost-reply-volume', 'lost-reply-snapshot', 'lost-reply-image', 'lost-reply-server'];
const SWEEP = ['sweep', '--yes'];

export const mishaps: readonly Mishap[] = [
  {
    id: 'api-down',
    what: 'the API is down when the run is swept; a second sweep finishes',
    play: async (site, { lines, only }) => {
      const before = await site.look();
      await runAndKill(site, lines, only);
      await site.cutPower();
      const first = await swept(site);
      await site.restore();
      return [...tellsWhatIsLeft(first), ...(await finishes(site, before))];
    },
  },
  {
    id: 'api-down-midway',
    what: 'the API goes down in the middle of the sweep; a second sweep finishes',
    play: async (site, { lines, only }) => {
      const before = await site.look();
      const dir = await runAndKill(site, lines, only);
      const sweep = site.start(SWEEP);
      await site.untilGone(dir, 1);
      await site.cutPower();
      const first = { code: await sweep.ended, output: sweep.output() };
      await site.restore();
      return [...tellsWhatIsLeft(first), ...(await finishes(site, before))];
    },
  },
  {
    id: 'lost-replies',
    what: 'replies to creates are lost before the run is killed',
    play: async (site, { lines, only }) => {
      await site.cutPower();
      await site.restore(LOST_REPLIES);
      return [...(await surviveKill(site, lines, only)).wrong];
    },
  },
  {
    id: 'two-at-once',
    what: 'a second run and a sweep begin while a run is under way: both are refused, naming it',
    play: async (site, { lines, only }) => {
      const before = await site.look();
      const { run, dir } = await runUntil(site, lines, only);
      const name = dir.split('/').at(-1) ?? '';
      const others = [site.start(['run', '--only', 'create']), site.start(SWEEP)];
      const refused = await Promise.all(
        others.map(async ({ ended, output }) => {
          const code = await ended;
          return code === CANNOT_RUN && output().includes(`run: ${name}`) ? [] : [`not refused: ended with ${code}: ${output()}`];
        }),
      );
      await killAll(site, run);
      return [...refused.flat(), ...(await finishes(site, before))];
    },
  },
  {
    id: 'same-moment',
    what: 'two runs begin in the same moment: one is refused, naming the other',
    play: async (site) => {
      const runs = [1, 2].map(() => site.start(['run', '--only', 'create']));
      const ends = await Promise.all(runs.map(async ({ ended, output }) => ({ code: await ended, output: output() })));
      const codes = ends.map(({ code }) => code).toSorted();
      const told = ends.some(
        ({ code, output }) => code === CANNOT_RUN && /another run is under way\n\s+run: \w{16}\n/.test(output),
      );
      return codes.join() === `0,${CANNOT_RUN}` && told
        ? []
        : [`ended with ${codes.join(' and ')}: ${ends.map(({ output }) => output).join('\n')}`];
    },
  },
];

/** Plays a mishap on a site of its own. */
export async function survive({ play }: Mishap, how: Extent, signal: AbortSignal): Promise<string[]> {
  await using site = await openCrashSite(signal);
  return await play(site, how);
}

interface Swept {
  readonly code: number | string;
  readonly output: string;
}

async function swept(site: CrashSite): Promise<Swept> {
  const sweep = site.start(SWEEP);
  return { code: await sweep.ended, output: sweep.output() };
}

function tellsWhatIsLeft({ code, output }: Swept): string[] {
  const told = /(is left|may be left)/.test(output) && /→ .*sweep again: npm run sweep -- --yes/.test(output);
  return [
    ...(code === LEFT ? [] : [`a sweep without an API ended with ${code}`]),
    ...(told ? [] : [`a sweep without an API did not say what is left and how to go on: ${output}`]),
  ];
}

/** Sweeps again, and finds all as it was. */
async function finishes(site: CrashSite, before: ReadonlyMap<string, string>): Promise<string[]> {
  const { code, output } = await swept(site);
  const wrong = [...(code === 0 ? [] : [`the sweep ended with ${code}`]), ...differences(before, await site.look())];
  return wrong.length === 0 ? [] : [...wrong, output];
}
