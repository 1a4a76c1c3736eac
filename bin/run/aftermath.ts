import { existsSync } from 'node:fs';
import type { Inventory, InventoryItem } from '../../fixtures/cleanup/inventory.ts';
import { type Leftovers, leftoversOfRun, reportLeftovers, reportUnknownLeftovers } from '../../fixtures/cleanup/nothing-left.ts';
import { takeStockAfter } from '../../fixtures/cleanup/quota-used.ts';
import { ownerIn, removeCachedImages, type SweepResult, sweepRun } from '../../fixtures/cleanup/sweep.ts';
import { doubtfulRoots, type Perhaps, perhapsInWords } from '../../fixtures/ledger/adoption.ts';
import { resourcesOf } from '../../fixtures/ledger/cloud-resources.ts';
import { Journal, readJournal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { NOT_REMOVED } from '../../fixtures/scenario/world.ts';
import type { Clients } from '../../fixtures/targets/clients.ts';
import type { Target } from '../../fixtures/targets/target.ts';
import { type EvidenceSink, readEvidence } from '../../helpers/evidence.ts';
import { messageOf } from '../../helpers/failure.ts';
import { visibleLine } from '../../helpers/masking/visible.ts';
import { tellWaits } from '../sweep/waits.ts';

export interface AftermathParts {
  readonly run: string;
  readonly dir: string;
  readonly target: Target;
  readonly clients: Clients;
  readonly before: Inventory;
  readonly sink: EvidenceSink;
  /** The runner was stopped or crashed: what it left is no leak, unless it cannot be removed. */
  readonly wasCutShort: boolean;
  /** Leave what failed scenarios made. */
  readonly keep: boolean;
  readonly say: (text: string) => void;
}

/** A thing that was found after the run; `unswept` when it is still there. */
export interface FoundLeak extends Pick<InventoryItem, 'layer' | 'kind' | 'id' | 'name'> {
  readonly unswept: boolean;
}

/** Looks at what the run left behind, writes it down and removes it. Gives what leaked; never throws. */
export async function settleAftermath(parts: AftermathParts): Promise<FoundLeak[]> {
  const started = performance.now();
  try {
    // Services that would not take something away then may do so now: what is removed in the end is no leak.
    const isTold = parts.wasCutShort || toldOfRemains(parts);
    const swept = isTold ? await sweepAndTell(parts) : undefined;
    const cached = swept === undefined ? await settleImageCache(parts) : swept.perhaps.flatMap(({ id }) => id ?? []);
    const doubtful = swept?.perhaps ?? (await tellDoubtful(parts));
    const remains = { ...(await look(parts, cached)), doubts: doubtsOf(swept?.left ?? [], doubtful) };
    reportLeftovers(parts.sink, remains.comparison, remains, performance.now() - started);
    if (remains.leaks.length === 0) {
      if (swept === undefined && doubtful.length === 0) {
        close(parts);
      }
      return [];
    }
    if (!isTold) {
      await sweepAndTell(parts);
    }
    const still = new Set((await look(parts, cached)).leaks.map(identity));
    return remains.leaks.map((item) => ({ ...pick(item), unswept: still.has(identity(item)) }));
  } catch (error) {
    reportUnknownLeftovers(parts.sink, error);
    parts.say(`Nobody knows what is left: ${messageOf(error)}\n  → npm run sweep -- ${parts.run} --yes`);
    return [];
  }
}

/** A scenario said that it could not take away all that it made. */
function toldOfRemains({ dir }: AftermathParts): boolean {
  const { evidence } = runFiles(dir);
  const lines = existsSync(evidence) ? readEvidence(evidence).lines : [];
  return lines.some((line) => line.type === 'note' && line.title === NOT_REMOVED);
}

/** What could not be settled, in words: what a sweep left, and what may be of the run. A later sweep tells of it again. */
function doubtsOf(left: SweepResult['left'], perhaps: readonly Perhaps[]): string[] {
  return [
    ...left.map(({ what }) => `${what} may be left`),
    ...perhaps.filter(({ id }) => id === undefined).map(({ what, why }) => `${what} is perhaps of this run: ${why}`),
  ];
}

/** What Nova may have made for servers that never got it: nobody but it knew of that, so that nobody has taken it away. */
async function tellDoubtful({ dir, clients, say, keep }: AftermathParts): Promise<readonly Perhaps[]> {
  const { header, entries } = readJournal(runFiles(dir).journal);
  if (keep || header === undefined) {
    return [];
  }
  const perhaps = await doubtfulRoots({ owner: ownerIn(header), estate: resourcesOf(clients), withinMs: 0 }, entries);
  for (const one of perhaps) {
    say(perhapsInWords(one));
  }
  return perhaps;
}

/**
 * Cinder's cache of images has clones of the run's volumes: those in its own project are taken away, the others are told. Gives the ids of what
 * stays.
 */
async function settleImageCache({ dir, clients, target: { limits }, say, sink, keep }: AftermathParts): Promise<string[]> {
  if (keep) {
    return [];
  }
  const { removed, perhaps } = await removeCachedImages({ runDir: dir, clients, limits });
  const lines = [
    ...removed.map((what) => `Removed ${what}, which Cinder's image cache kept of an image of this run`),
    ...perhaps.map(({ what, why, look: how }) => `${what} stays: ${why}\n  → ${how}`),
  ];
  for (const line of lines) {
    say(line);
  }
  if (lines.length > 0) {
    sink({ type: 'note', scenario: 'run', title: "Cinder's image cache", text: lines.join('\n') });
  }
  return perhaps.flatMap(({ id }) => id ?? []);
}

async function look({ run, dir, target, clients, before, keep }: AftermathParts, cached: readonly string[]) {
  const after = await takeStockAfter(clients, before);
  const { entries } = readJournal(runFiles(dir).journal);
  const left = keep ? entries.flatMap(({ gone, id }) => (gone || id === undefined ? [] : [id])) : [];
  const kept = new Set([...left, ...cached]);
  const comparison = { run, before, after, entries, exclusive: target.exclusive, kept };
  return { ...leftoversOfRun(comparison), comparison } satisfies Leftovers & { comparison: unknown };
}

async function sweepAndTell({ dir, clients, target, say, run, keep }: AftermathParts): Promise<SweepResult | undefined> {
  if (keep) {
    say(`What failed scenarios made is kept, as asked.\n  → Remove it with: npm run sweep -- ${run} --yes`);
    return;
  }
  const result = await sweepRun({ runDir: dir, clients, limits: target.limits, waiting: tellWaits(say) });
  for (const { what, error } of result.left) {
    say(`${visibleLine(`Could not remove ${what}`)}: ${messageOf(error)}`);
  }
  for (const one of result.perhaps) {
    say(perhapsInWords(one));
  }
  if (result.removed.length > 0) {
    say(visibleLine(`Removed ${result.removed.length} things: ${result.removed.join(', ')}`));
  }
  if (result.left.length > 0) {
    say(`  → npm run sweep -- ${run} --yes`);
  }
  return result;
}

/** Nothing is left: a later sweep need not look again. */
function close({ dir, keep }: AftermathParts): void {
  if (!keep) {
    using journal = new Journal(runFiles(dir).journal);
    journal.write({ type: 'swept', left: 0 });
  }
}

const identity = ({ layer, kind, id }: InventoryItem) => JSON.stringify([layer, kind, id]);

function pick({ layer, kind, id, name }: InventoryItem): Pick<InventoryItem, 'layer' | 'kind' | 'id' | 'name'> {
  return { layer, kind, id, name };
}
