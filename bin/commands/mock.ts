import { once } from 'node:events';
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PORTS } from '../../fixtures/mock/cluster.ts';
import { DamagedLog } from '../../fixtures/mock/core/change-log.ts';
import type { Fault } from '../../fixtures/mock/core/faults.ts';
import { PortsTaken } from '../../fixtures/mock/http/ports.ts';
import type { Seed } from '../../fixtures/mock/seed-file.ts';
import { FolderTaken, type ServedMock, serveMock } from '../../fixtures/mock/standalone.ts';
import { CLUSTER_FOLDER, OWNER_FILE, thisProcess } from '../../fixtures/run/owner.ts';
import { listeningProcess } from '../../helpers/commands/listening-process.ts';
import { nearestWord } from '../../helpers/config/nearest-word.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import { writeAsItIs } from '../masked-output.ts';
import { Interruption } from '../run/interruption.ts';

const STOPPING = { first: 'its servers and devices are taken away.', later: 'Please wait.' };

export interface MockRequest {
  /** Free ports when absent. */
  readonly portBase?: number;
  /** Where to keep the state; a temporary folder, which goes with the mock, when absent. */
  readonly state?: string;
  /** A seed file. */
  readonly seed?: string;
  /** Ids of the faults that are planted; `?`: tell which there are. */
  readonly faults?: readonly string[];
  /** Tell all addresses and credentials in one line of JSON instead of lines for a shell. */
  readonly json?: boolean;
  /** Where the same is written as soon as the cluster is ready; taken away when it ends. */
  readonly readyFile?: string;
}

const LAST_PORT = 65_535;

/** Serves the mock cluster, prints what to export to use it, and waits for a signal. 0 after it has served, else 128 and the signal. */
export async function mock({ portBase = 0, state, seed, faults = [], json = false, readyFile }: MockRequest): Promise<number> {
  if (faults.includes('?')) {
    return listFaults();
  }
  if (portBase + PORTS - 1 > LAST_PORT) {
    const advice = `Choose at most ${LAST_PORT - PORTS + 1}: it takes ${PORTS} in a row.`;
    throw new CannotRun('there are not enough ports from there on', { '--port-base': portBase }, advice);
  }
  const planted = await faultsOf(faults);
  const seeded = seed === undefined ? {} : { seed: await readSeedOf(seed) };
  // Until all is gone: a second Ctrl-C, which npm hands on besides, must not leave servers and devices behind.
  using interruption = new Interruption((text) => void process.stderr.write(`${text}\n`), STOPPING);
  const stopped = once(interruption.signal, 'abort');
  await using stack = new AsyncDisposableStack();
  const dir = state ?? temporaryFolder(stack);
  const wanted = { dir, portBase, persist: state !== undefined, faults: planted, signal: interruption.signal, ...seeded };
  const served = await serveMock(wanted).catch((cause: unknown) =>
    interruption.by === undefined ? cannotServe(cause) : undefined,
  );
  if (served === undefined) {
    return interruption.exitCode ?? 1;
  }
  stack.use(served);
  if (readyFile !== undefined) {
    announce(readyFile, served, stack);
  }
  print(served, dir, json);
  // Servers that listen keep the process; that stdin closes is no reason to stop.
  await stopped;
  for (const failure of served.cluster.core.failures) {
    process.stderr.write(`a defect of the mock: ${failure}\n`);
  }
  return 0;
}

async function listFaults(): Promise<number> {
  const { faultCatalogue } = await import('../../scenarios/fault-catalogue.ts');
  const width = Math.max(...faultCatalogue.map(({ id }) => id.length));
  for (const { id, kind, cause } of faultCatalogue) {
    process.stdout.write(`${id.padEnd(width)}  ${kind.padEnd(KIND_WIDTH)}  ${cause}\n`);
  }
  return 0;
}

/** Of the longest kind of fault. */
const KIND_WIDTH = 7;

/** Whoever waits for the file finds all of it: it gets its name when it is written. Its owner alone reads it, for it holds passwords. */
function announce(file: string, { facts }: ServedMock, stack: AsyncDisposableStack): void {
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (cause) {
    const advice = 'Choose a path in a folder that is there and that you may write to.';
    throw new CannotRun('the ready file cannot be written', { '--ready-file': file, said: messageOf(cause) }, advice, { cause });
  }
  stack.defer(() => rm(file, { force: true }));
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
async function cannotServe(cause: unknown): Promise<never> {
  if (cause instanceof PortsTaken) {
    const owners = cause.taken.map(async ({ port }) => [`port ${port}`, await ownerOf(port)] as const);
    const details = { said: cause.message, ...Object.fromEntries(await Promise.all(owners)) };
    throw new CannotRun('the mock cannot be served', details, OTHER_PORTS, { cause });
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

const OTHER_PORTS = `End what listens there, or choose ${PORTS} other ports in a row: --port-base N; without it free ones are taken.`;

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

function print({ exports, facts }: ServedMock, dir: string, json: boolean): void {
  if (json) {
    writeAsItIs(`${JSON.stringify(facts)}\n`);
    return;
  }
  for (const [name, value] of Object.entries(exports)) {
    writeAsItIs(`export ${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  }
  writeAsItIs(`export PATH='${join(resolve(dir), 'bin')}':"$PATH"\n`);
  process.stderr.write(`The mock cluster is served until it is stopped: Ctrl-C, or SIGTERM.
  In another shell: paste the lines above for \`openstack\`, SDKs and \`storpool\`;
  cinder, glance and nova read variables instead: . ${join(resolve(dir), 'openrc')}
`);
}
