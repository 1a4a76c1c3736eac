import { expect, test } from 'vitest';
import { type Frame, hold, OnTerminal, SMALL, type Station, station } from '../../testing/npm-for-tests.ts';

const PATIENCE = { timeout: 600_000 };
const CTRL_C = '\u0003';
/** A live line: indented, chapter and title, the time since it began, what it does. */
const LIVE = /^ {2}(\d .{32}) {2,}[\d.]+ m?s {2}/;

const COURSE = /^ {2}\d+ of \d+ checks? in /;

/** What must hold of each frame of a film: no line that the terminal had to break, no live line that was left behind. */
function flawsOf(frames: readonly Frame[]): string[] {
  return frames.flatMap(({ lines, broken }) => {
    const live = lines.flatMap((line) => LIVE.exec(line)?.[1] ?? []);
    const after = lines.findLastIndex((line) => LIVE.test(line) || COURSE.test(line));
    const last = lines.findLastIndex((line) => line !== '');
    return [
      // A path or an address has no place to be broken at.
      ...broken.filter((line) => line.trim().includes(' ')).map((line) => `broken: ${line}`),
      ...live.filter((title, i) => live.indexOf(title) !== i).map((title) => `twice: ${title}`),
      // What lasts stands above what is live.
      ...(after >= 0 && last > after && lines[last] !== '^C' ? [`below what is live: ${lines[last]}`] : []),
    ];
  });
}

const played = (place: Station, args: readonly string[]) => new OnTerminal('acceptance', args, place.environment, SMALL);

test('question, run, Ctrl-C, a red end and --last-failed can be followed on 80 columns and 24 rows', PATIENCE, async () => {
  await using place = await station();
  using held = hold(place.cluster, 'cinder.extendVolume');
  const frames: Frame[] = [];

  {
    await using stopped = played(place, ['--only', 'create,extend']);
    await stopped.until('Go on? (yes/no)');
    stopped.type('yes\r');
    await held.met;
    await stopped.until('Extend');
    stopped.type(CTRL_C);
    expect(await stopped.ended, await stopped.screen()).toBe(130);
    frames.push(...stopped.frames);
  }
  held.release();
  place.cluster.core.faults.add({
    ...{ id: 'no-extend', kind: 'refuse', cause: 'a test lets it fail', seam: 'cinder.extendVolume' },
    act: () => Promise.reject(new Error('refused')),
  });
  {
    await using red = played(place, ['--only', 'create,extend', '--yes']);
    expect(await red.ended, await red.screen()).toBe(1);
    expect(await red.screen()).toMatch(/--last-failed/);
    frames.push(...red.frames);
  }
  place.cluster.core.faults.remove('no-extend');
  {
    await using again = played(place, ['--last-failed', '--yes']);
    expect(await again.ended, await again.screen()).toBe(0);
    expect(await again.screen()).toMatch(/^Only what was not green in run /m);
    frames.push(...again.frames);
  }

  expect(frames.length).toBeGreaterThan(10);
  expect(frames.some(({ lines }) => lines.some((line) => COURSE.test(line)))).toBe(true);
  expect([...new Set(flawsOf(frames))]).toEqual([]);
});
