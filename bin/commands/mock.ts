import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServedMock, serveMock } from '../../fixtures/mock/tool.ts';
import { thisProcess } from '../../fixtures/owner.ts';
import { CLUSTER_FOLDER, OWNER_FILE } from '../../fixtures/targets/embedded.ts';

export interface MockRequest {
  /** Free ports when absent. */
  readonly portBase?: number;
  /** Where to keep the state; a temporary folder, which goes with the mock, when absent. */
  readonly state?: string;
}

/** Serves the mock cluster, prints what to export to use it, and waits for a signal. */
export async function mock({ portBase = 0, state }: MockRequest): Promise<number> {
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stopped = Promise.race(signals.map((name) => once(process, name, { signal: stop.signal })));
  await using stack = new AsyncDisposableStack();
  const dir = state ?? temporaryFolder(stack);
  const served = stack.use(await serveMock({ dir, portBase, persist: state !== undefined }));
  print(served);
  // Servers that listen keep the process; that stdin closes is no reason to stop.
  await stopped;
  stop.abort();
  for (const failure of served.cluster.core.failures) {
    process.stderr.write(`a defect of the mock: ${failure}\n`);
  }
  return 0;
}

/** A folder that `sweep` recognises when this process is killed. */
function temporaryFolder(stack: AsyncDisposableStack): string {
  const dir = mkdtempSync(join(tmpdir(), `${CLUSTER_FOLDER}mock-`));
  writeFileSync(join(dir, OWNER_FILE), JSON.stringify({ ...thisProcess(), run: 'mock' }));
  return stack.adopt(dir, () => rm(dir, { recursive: true }));
}

function print({ exports }: ServedMock): void {
  for (const [name, value] of Object.entries(exports)) {
    process.stdout.write(`export ${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  }
  process.stderr.write('The mock cluster is served until it is stopped: Ctrl-C, or SIGTERM.\n');
}
