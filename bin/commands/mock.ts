import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServedMock } from '../../fixtures/mock/standalone.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import { allWritten, writeAsItIs } from '../masked-output.ts';
import { type MockRequest, serveRequested } from '../mock/serve-requested.ts';
import { Interruption } from '../run/interruption.ts';

const STOPPING = { first: 'its servers and devices are taken away.', later: 'Please wait.' };

/** `faults` may be `?`: tell which there are. */
export interface MockCommand extends Partial<Omit<MockRequest, 'signal'>> {
  /** Tell all addresses and credentials in one line of JSON instead of lines for a shell. */
  readonly json?: boolean;
  /** Where the same is written as soon as the cluster is ready; taken away when it ends. */
  readonly readyFile?: string;
}

/** Serves the mock cluster, prints what to export to use it, and waits for a signal. 0 after it has served, else 128 and the signal. */
export async function mock({ portBase = 0, faults = [], json = false, readyFile, ...wanted }: MockCommand): Promise<number> {
  if (faults.includes('?')) {
    return listFaults();
  }
  // Until all is gone: a second Ctrl-C, which npm hands on besides, must not leave servers and devices behind.
  using interruption = new Interruption((text) => void process.stderr.write(`${text}\n`), STOPPING);
  const { signal } = interruption;
  const stopped = once(signal, 'abort');
  await using stack = new AsyncDisposableStack();
  const { state, seed, only } = wanted;
  const served = await serveRequested({ portBase, faults, state, seed, only, signal }, stack).catch((cause: unknown) => {
    if (interruption.by === undefined) {
      throw cause;
    }
  });
  if (served === undefined) {
    return interruption.exitCode ?? 1;
  }
  const announce = readyFile === undefined ? undefined : announcement(readyFile, served, stack);
  print(served, json);
  await allWritten();
  announce?.();
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

/**
 * Writes the ready file; what comes back gives it its name. Whoever waits for it finds all of it, and on stdout all that is to be pasted.
 * Its owner alone reads it, for it holds passwords.
 */
function announcement(file: string, { facts }: ServedMock, stack: AsyncDisposableStack): () => void {
  const unnamed = `${file}.new`;
  stack.defer(() => rm(unnamed, { force: true }));
  orRefused(file, () => writeFileSync(unnamed, `${JSON.stringify(facts)}\n`, { mode: 0o600 }));
  return () => {
    orRefused(file, () => renameSync(unnamed, file));
    stack.defer(() => rm(file, { force: true }));
  };
}

function orRefused(file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const advice = 'Choose a path in a folder that is there and that you may write to.';
    throw new CannotRun('the ready file cannot be written', { '--ready-file': file, said: messageOf(cause) }, advice, { cause });
  }
}

function print({ exports, facts }: ServedMock, json: boolean): void {
  if (json) {
    writeAsItIs(`${JSON.stringify(facts)}\n`);
    return;
  }
  for (const [name, value] of Object.entries(exports)) {
    writeAsItIs(`export ${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  }
  writeAsItIs(`export PATH='${join(facts.dir, 'bin')}':"$PATH"\n`);
  const ofOpenStack = facts.services.keystone === undefined ? '' : forOpenStack(facts.dir);
  process.stderr.write(`The mock cluster is served until it is stopped: Ctrl-C, or SIGTERM.
  In another shell: paste the lines above for ${ofOpenStack === '' ? '' : '`openstack`, SDKs and '}\`storpool\`${ofOpenStack}
`);
}

const forOpenStack = (dir: string) => `;
  cinder, glance and nova read variables instead: . ${join(dir, 'openrc')}`;
