import { serveRequested } from './serve-requested.ts';

export interface MockOptions {
  /** First of consecutive ports, on 127.0.0.1; free ones when absent. */
  readonly portBase?: number;
  /** A folder that keeps the state across restarts; when absent all is gone afterwards. */
  readonly state?: string;
  /** A seed file: what the cluster begins with. */
  readonly seed?: string;
  /** Ids of faults, as `mock --faults '?'` tells them. */
  readonly faults?: readonly string[];
  /** StorPool alone, without OpenStack. */
  readonly only?: 'storpool';
}

/** A mock cluster that is served until it is disposed of: its servers and devices are gone then, and so is its folder, without `state`. */
export interface Mock extends AsyncDisposable {
  /** Where its files and its hosts' devices are: clouds.yaml, openrc, storpool.conf, bin/storpool, … */
  readonly dir: string;
  /** Base addresses by service, without a path: storpool, keystone, glance, cinder, nova, neutron, placement. */
  readonly services: Readonly<Partial<Record<string, string>>>;
  readonly storpool: { readonly host: string; readonly port: number; readonly token: string };
  /** As variables: OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, …; none where StorPool is alone. */
  readonly openstack: Readonly<Record<string, string>>;
  /** What a shell exports to use it: OS_CLIENT_CONFIG_FILE, SP_API_HTTP_HOST, SP_AUTH_TOKEN, … */
  readonly exports: Readonly<Record<string, string>>;
  /** Defects that the mock found in itself while it answered: none, or a test is not to be believed. */
  readonly defects: readonly string[];
}

/**
 * Starts a mock cluster in this process, on Node 24 or newer: `await using mock = await startMock()`. Resolves when it is ready and what the seed asks
 * for is made. Throws Error that says what to do, and leaves nothing running then.
 */
export async function startMock({ portBase = 0, state, seed, faults = [], only }: MockOptions = {}): Promise<Mock> {
  await using stack = new AsyncDisposableStack();
  const { facts, cluster } = await serveRequested({ portBase, state, seed, faults, only }, stack);
  const running = stack.move();
  return { ...facts, defects: cluster.core.failures, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
