import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsOf } from '../../fixtures/mock/cluster.ts';
import { DamagedLog } from '../../fixtures/mock/core/change-log.ts';
import type { Fault } from '../../fixtures/mock/core/faults.ts';
import { PortsTaken } from '../../fixtures/mock/http/ports.ts';
import type { Seed } from '../../fixtures/mock/seed-file.ts';
import { FolderTaken, type ServedMock, serveMock } from '../../fixtures/mock/standalone.ts';
import { CLUSTER_FOLDER, OWNER_FILE, thisProcess } from '../../fixtures/run/owner.ts';
import { listeningProcess } from '../../helpers/commands/listening-process.ts';
import { nearestWord } from '../../helpers/config/nearest-word.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';

/** A mock as somebody asks for it. */
export interface MockRequest {
  /** First of consecutive ports; free ones when 0. */
  readonly portBase: number;
  /** Where to keep the state; a temporary folder, which goes with the mock, when absent. */
  readonly state: string | undefined;
  /** A seed file. */
  readonly seed: string | undefined;
  /** Ids of the faults that are planted. */
  readonly faults: readonly string[];
  /** StorPool alone; the whole cluster when absent. */
  readonly only: 'storpool' | undefined;
  /** Ends the start. */
  readonly signal?: AbortSignal;
}

const LAST_PORT = 65_535;

/** Serves it; what it takes goes with the stack. Throws CannotRun for what the person can mend, and the signal's reason when that ended the start. */
export async function serveRequested(request: MockRequest, stack: AsyncDisposableStack): Promise<ServedMock> {
  const { portBase, state, only } = request;
  const ports = portsOf({ only });
  if (portBase + ports - 1 > LAST_PORT) {
    const advice = `Choose at most ${LAST_PORT - ports + 1}: it takes ${ports} in a row.`;
    throw new CannotRun('there are not enough ports from there on', { '--port-base': portBase }, advice);
  }
  const faults = await faultsOf(request.faults);
  const seed = request.seed === undefined ? {} : { seed: await readSeedOf(request.seed) };
  const dir = state ?? temporaryFolder(stack);
  const signal = request.signal === undefined ? {} : { signal: request.signal };
  const wanted = { dir, portBase, persist: state !== undefined, faults, only, ...signal, ...seed };
  return stack.use(await serveMock(wanted).catch((cause: unknown) => cannotServe(cause, ports)));
}

async function faultsOf(ids: readonly string[]): Promise<Fault[]> {
  if (ids.length === 0) {
    return [];
  }
  const { faultCatalogue } = await import('../../scenarios/fault-catalogue.ts');
  const known = faultCatalogue.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const near = nearestWord(unknown[0] ?? '', known);
    const all = near === undefined ? known.join(', ') : undefined;
    const advice = near === undefined ? 'Give one or more of those.' : `Did you mean ${near}?`;
    throw new CannotRun('there is no such fault', { fault: unknown.join(', '), 'there are': all }, advice);
  }
  return faultCatalogue.filter(({ id }) => ids.includes(id));
}

// Loaded only when there is one, like the faults: a mock starts in half a second.
async function readSeedOf(path: string): Promise<Seed> {
  const { readSeed } = await import('../../fixtures/mock/seed-file.ts');
  try {
    return readSeed(path);
  } catch (cause) {
    return cannotUseSeed(cause);
  }
}

/** What is wrong with a seed is the person's to mend. */
function cannotUseSeed(cause: unknown): never {
  const [first = '', ...rest] = messageOf(cause).split('\n');
  const said = [first, ...rest.map((line) => `  ${line}`)].join('\n');
  throw new CannotRun('the seed cannot be used', { said }, 'Mend that; docs/mock.md tells what a seed may hold.', { cause });
}

/** What is wrong with a port or a folder, too. What the system refuses has advice of its own where all errors are told. */
async function cannotServe(cause: unknown, ports: number): Promise<never> {
  if (cause instanceof PortsTaken) {
    const owners = cause.taken.map(async ({ port }) => [`port ${port}`, await ownerOf(port)] as const);
    const details = { said: cause.message, ...Object.fromEntries(await Promise.all(owners)) };
    const advice = `End what listens there, or choose ${ports === 1 ? 'another port' : `${ports} other ports in a row`}: --port-base N; without it free ones are taken.`;
    throw new CannotRun('the mock cannot be served', details, advice, { cause });
  }
  if (cause instanceof FolderTaken) {
    const advice = `Use that one, stop it (kill ${cause.pid}), or choose another folder: --state DIR`;
    throw new CannotRun('the mock cannot be served', { said: cause.message }, advice, { cause });
  }
  if (cause instanceof DamagedLog) {
    const advice =
      'Nothing of it was used or changed. Mend that line in a copy of the folder, or choose another folder: --state DIR';
    throw new CannotRun('the mock’s state cannot be read', { said: cause.message }, advice, { cause });
  }
  throw cause;
}

async function ownerOf(port: number): Promise<string> {
  const owner = await listeningProcess(port);
  return owner === undefined
    ? `taken by a process that this user cannot see (as root: ss -ltnp 'sport = :${port}')`
    : `taken by ${owner.program}, process ${owner.pid}`;
}

/** A folder that `sweep` recognises when this process is killed. */
function temporaryFolder(stack: AsyncDisposableStack): string {
  const dir = mkdtempSync(join(tmpdir(), `${CLUSTER_FOLDER}mock-`));
  writeFileSync(join(dir, OWNER_FILE), JSON.stringify({ ...thisProcess(), run: 'mock' }));
  return stack.adopt(dir, () => rm(dir, { recursive: true }));
}
