import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Fault } from '../../fixtures/mock/faults.ts';
import type { Seed } from '../../fixtures/mock/seed.ts';
import { type ServedMock, serveMock } from '../../fixtures/mock/tool.ts';
import { CLUSTER_FOLDER, OWNER_FILE, thisProcess } from '../../fixtures/owner.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import { nearest } from '../../helpers/nearest.ts';
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
  /** Ids of the faults that are planted. */
  readonly faults?: readonly string[];
}

/** Serves the mock cluster, prints what to export to use it, and waits for a signal. */
export async function mock({ portBase = 0, state, seed, faults = [] }: MockRequest): Promise<number> {
  const planted = await faultsOf(faults);
  const seeded = seed === undefined ? {} : { seed: await readSeedOf(seed) };
  // Until all is gone: a second Ctrl-C, which npm hands on besides, must not leave servers and devices behind.
  using interruption = new Interruption((text) => void process.stderr.write(`${text}\n`), STOPPING);
  const stopped = once(interruption.signal, 'abort');
  await using stack = new AsyncDisposableStack();
  const dir = state ?? temporaryFolder(stack);
  const wanted = { dir, portBase, persist: state !== undefined, faults: planted, ...seeded };
  const served = stack.use(await serveMock(wanted).catch((cause: unknown) => cannotRun('the mock cannot be served', cause)));
  print(served, dir);
  // Servers that listen keep the process; that stdin closes is no reason to stop.
  await stopped;
  for (const failure of served.cluster.core.failures) {
    process.stderr.write(`a defect of the mock: ${failure}\n`);
  }
  return 0;
}

async function faultsOf(ids: readonly string[]): Promise<Fault[]> {
  if (ids.length === 0) {
    return [];
  }
  const { faultCatalogue } = await import('../../scenarios/fault-catalogue.ts');
  const known = faultCatalogue.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const near = nearest(unknown[0] ?? '', known);
    const all = near === undefined ? known.join(', ') : undefined;
    const advice = near === undefined ? 'Give one or more of those.' : `Did you mean ${near}?`;
    throw new CannotRun('there is no such fault', { fault: unknown.join(', '), 'there are': all }, advice);
  }
  return faultCatalogue.filter(({ id }) => ids.includes(id));
}

// Loaded only when there is one, like the faults: a mock starts in half a second.
async function readSeedOf(path: string): Promise<Seed> {
  const { readSeed } = await import('../../fixtures/mock/seed.ts');
  try {
    return readSeed(path);
  } catch (cause) {
    return cannotRun('the seed cannot be used', cause);
  }
}

/** What is wrong with a folder, a port or a seed is the person's to mend. */
function cannotRun(what: string, cause: unknown): never {
  const [first = '', ...rest] = messageOf(cause).split('\n');
  const said = [first, ...rest.map((line) => `  ${line}`)].join('\n');
  throw new CannotRun(what, { said }, 'Mend that, or choose another; docs/mock.md tells what a seed may hold.', { cause });
}

/** A folder that `sweep` recognises when this process is killed. */
function temporaryFolder(stack: AsyncDisposableStack): string {
  const dir = mkdtempSync(join(tmpdir(), `${CLUSTER_FOLDER}mock-`));
  writeFileSync(join(dir, OWNER_FILE), JSON.stringify({ ...thisProcess(), run: 'mock' }));
  return stack.adopt(dir, () => rm(dir, { recursive: true }));
}

function print({ exports }: ServedMock, dir: string): void {
  for (const [name, value] of Object.entries(exports)) {
    writeAsItIs(`export ${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  }
  writeAsItIs(`export PATH='${join(resolve(dir), 'bin')}':"$PATH"\n`);
  process.stderr.write(`The mock cluster is served until it is stopped: Ctrl-C, or SIGTERM.
  In another shell: paste the lines above for \`openstack\`, SDKs and \`storpool\`;
  cinder, glance and nova read variables instead: . ${join(resolve(dir), 'openrc')}
`);
}
