import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesIn, makeVolume, settled } from '../../../fixtures/proof/healthy/foreign-things.ts';
import { runFiles } from '../../../fixtures/run/run.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { plainRunbooks } from '../../../scenarios/manifest.ts';
import type { CrashSite, Started } from './crash-site.ts';

const PATIENCE_MS = 300_000;
const QUICK_MS = 2;
const GIB = 1024 ** 3;

/** What became of a run that was killed. */
export interface Killed {
  /** Lines in the journal when it died. */
  readonly lines: number;
  /** What is not as it was before, in words. */
  readonly wrong: readonly string[];
  /** What the sweep printed. */
  readonly output: string;
}

/** Lines of a run's journal. */
export function linesIn(dir: string): number {
  try {
    return readFileSync(runFiles(dir).journal, 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}

/** All scenarios that need nothing but a cluster. */
const EVERYTHING = plainRunbooks.map(({ id }) => id).join(',');

/** Starts a run of these scenarios, waits until its journal has so many lines, and kills supervisor and runner. Gives the run's folder. */
export async function runAndKill(site: CrashSite, lines: number, only = EVERYTHING): Promise<string> {
  const { run, dir } = await runUntil(site, lines, only);
  await killAll(site, run);
  return dir;
}

/** What is needed of a site to start and end a run. */
type Starting = Pick<CrashSite, 'runsDir' | 'start' | 'processes'>;

export async function runUntil(site: Starting, lines: number, only = EVERYTHING): Promise<{ run: Started; dir: string }> {
  const known = new Set(runsOf(site));
  const run = site.start(['run', '--only', only]);
  return { run, dir: await untilLines(site, run, known, lines) };
}

/** Kills every process of the site's runs at once, and waits until they are gone. */
export async function killAll(site: Starting, run: Started): Promise<void> {
  for (const pid of site.processes()) {
    kill(pid);
  }
  await run.ended;
  await eventually({
    what: 'the processes of the run to be gone',
    read: () => Promise.resolve(site.processes()),
    describe: (alive) => `${alive.length} alive`,
    until: (alive) => alive.length === 0,
    withinMs: PATIENCE_MS,
    advice: 'Look at them: ps -ef',
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

function runsOf({ runsDir }: Starting): string[] {
  try {
    return readdirSync(runsDir).filter((name) => /^[0-9a-z]{16}$/.test(name));
  } catch {
    return [];
  }
}

/** A run that ends before is as good: then there is nothing to kill any more. */
async function untilLines(site: Starting, run: Started, known: ReadonlySet<string>, lines: number): Promise<string> {
  const latest = () => runsOf(site).find((name) => !known.has(name));
  const found = await eventually({
    what: `${lines} lines in the journal`,
    read: () => Promise.resolve(latest()),
    describe: (name) => String(name === undefined ? 0 : linesIn(join(site.runsDir, name))),
    until: (name) => name !== undefined && (linesIn(join(site.runsDir, name)) >= lines || run.child.exitCode !== null),
    unless: (name) => (name === undefined && run.child.exitCode !== null ? run.output() : undefined),
    everyMs: QUICK_MS,
    slowestMs: QUICK_MS,
    withinMs: PATIENCE_MS,
    advice: () => Promise.resolve(run.output()),
  });
  return join(site.runsDir, found ?? '');
}

/** Kills a run at that position, sweeps, and compares with what was there before. Decoys that look like the run's must stay. */
export async function surviveKill(site: CrashSite, lines: number, only = EVERYTHING): Promise<Killed> {
  const before = await site.look();
  const dir = await runAndKill(site, lines, only);
  const died = linesIn(dir);
  const decoys = await plantDecoys(site, dir.split('/').at(-1) ?? '');
  const planted = await site.look();
  const sweep = site.start(['sweep', '--yes']);
  const code = await sweep.ended;
  const swept = await site.look();
  const touched = decoys.flatMap((id) =>
    swept.get(id) === planted.get(id) && swept.has(id) ? [] : [`the decoy ${id} was touched`],
  );
  const wrong = [...(code === 0 ? [] : [`the sweep ended with ${code}`]), ...differences(before, swept, decoys), ...touched];
  await removeDecoys(site, decoys);
  return { lines: died, wrong, output: sweep.output() };
}

/** What is not as it was before, in words. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  allowed: readonly string[] = [],
): string[] {
  const left = [...after.keys()].filter((what) => !before.has(what) && !allowed.includes(what)).map((what) => `${what} is left`);
  return [...changesIn(before, after), ...left];
}

/**
 * Things that bear one proof of the run but not the other: its prefix without a journal entry, and its mark under the name of another. Where
 * they are is told as `look` tells it.
 */
async function plantDecoys({ cloud, target }: CrashSite, run: string): Promise<string[]> {
  const named = await makeVolume(cloud, `acc-${run}-create-99`, {});
  const marked = await makeVolume(cloud, 'acc-00decoy0-create-1', { acceptance_run: run });
  const bare = `acc-${run}-by-hand`;
  await cloud.storpool('POST', 'VolumeCreate', { name: bare, size: GIB, template: target.promises.template });
  const list = (await cloud.storpool('GET', 'VolumesList')) as { name: string; globalId: string }[];
  const own = list.filter(({ name }) => name === bare || [named, marked].some((id) => name.includes(id)));
  return [
    `Cinder volumes ${named}`,
    `Cinder volumes ${marked}`,
    ...own.map(({ globalId }) => `StorPool VolumesList ${globalId}`),
  ];
}

async function removeDecoys({ cloud }: CrashSite, decoys: readonly string[]): Promise<void> {
  for (const decoy of decoys.filter((what) => what.startsWith('Cinder'))) {
    const path = `/volumes/${decoy.split(' ').at(-1)}`;
    await cloud.cinder('DELETE', path);
    await settled(cloud, path, 'volume');
  }
  for (const { name } of (await cloud.storpool('GET', 'VolumesList')) as { name: string }[]) {
    if (name.endsWith('-by-hand')) {
      await cloud.storpool('POST', `VolumeDelete/${name}`);
    }
  }
}
