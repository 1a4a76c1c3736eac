import { delimiter } from 'node:path';
import type { ClientChoice } from '../../fixtures/actions/choice.ts';
import { chooseClients, isInstalled } from '../../fixtures/actions/choose.ts';
import { atSeat } from '../../fixtures/actions/seat.ts';
import { clientVersions } from '../../fixtures/actions/versions.ts';
import { bindingOf } from '../../fixtures/binding.ts';
import { type Clients, type Connecting, connect } from '../../fixtures/clients.ts';
import { type Inventory, takeInventory } from '../../fixtures/inventory.ts';
import { Journal } from '../../fixtures/journal.ts';
import type { Binding } from '../../fixtures/journal-lines.ts';
import { inWords, otherRunsIn } from '../../fixtures/other-runs.ts';
import { runFiles } from '../../fixtures/run.ts';
import { probe } from '../../fixtures/targets/probe.ts';
import type { ProvisionedTarget, Target } from '../../fixtures/targets/target.ts';
import type { TargetDescription } from '../../reports/verdict-schema.ts';
import type { RunRequest } from './acceptance.ts';

/** A target that a run may begin on. */
export interface Prepared {
  readonly target: Target;
  /** Not bound to any signal, so that they still work for cleaning up. */
  readonly clients: Clients;
  readonly binding: Binding;
  readonly description: TargetDescription;
  readonly before: Inventory;
  readonly choice: ClientChoice;
  readonly gatherLogs: ProvisionedTarget['gatherLogs'];
}

export interface Preparing extends Pick<RunRequest, 'provision' | 'approve' | 'redactor' | 'environment' | 'actBy'> {
  readonly id: string;
  readonly dir: string;
  readonly say: (text: string) => void;
  /** What must be taken down after the run. */
  readonly stack: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

/** Brings the target up, signs in, looks at what is there and opens the journal. Throws CannotRun, or the signal's reason. */
export async function prepare(parts: Preparing): Promise<Prepared> {
  const { id, dir, stack, signal, redactor, environment } = parts;
  const { target, gatherLogs } = stack.use(await parts.provision(id, signal));
  signal.throwIfAborted();
  redactor.learn(target.cloud.password);
  redactor.learn(target.storpool.token);
  const byCredential = target.cloud.applicationCredential !== undefined;
  const chosen = chooseClients({
    wanted: parts.actBy,
    target: target.kind,
    has: installedFor(target, environment),
    byCredential,
  });
  const choice = await unlessAborted(atSeat(chosen, target, { redactor, environment }), signal);
  const clients = await unlessAborted(connected(target, { redactor, environment }), signal);
  // The clients take longer to tell their versions than everything else here: not before it is known that the target answers.
  const looks = Promise.all([bindingOf(clients, target), takeInventory(clients), clientVersions(choice, environment)]);
  const [binding, before, acting] = await unlessAborted(looks, signal);
  const description = describe(target, clients, binding, acting);
  for (const other of otherRunsIn(before, id)) {
    parts.say(inWords(other));
  }
  const scene = { target, clients, binding, before, choice, description, gatherLogs };
  await unlessAborted(parts.approve(scene, id), signal);
  using journal = new Journal(runFiles(dir).journal);
  journal.write({ type: 'run', run: id, target: target.kind, prefix: target.storpool.prefix, binding });
  return scene;
}

function installedFor({ tools = '' }: Target, { PATH = '' }: Readonly<Record<string, string>>): (command: string) => boolean {
  return (command) => isInstalled(command, [tools, PATH].join(delimiter));
}

/** What the probe finds comes first: it names everything that stands in the way, and says it better. */
async function connected(target: Target, connecting: Connecting): Promise<Clients> {
  const [probed, clients] = await Promise.allSettled([probe(target, connecting), connect(target, connecting)]);
  if (probed.status === 'rejected') {
    throw probed.reason;
  }
  if (clients.status === 'rejected') {
    throw clients.reason;
  }
  return clients.value;
}

/** What is done only reads, so that an interruption need not wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const TITLES = { embedded: 'the embedded mock cluster', container: 'OpenStack in containers', live: 'the live cluster' } as const;

function describe(
  target: Target,
  { session, cinder, nova }: Clients,
  binding: Binding,
  acting: readonly string[],
): TargetDescription {
  const { kind, cloud, storpool } = target;
  const known = {
    Keystone: cloud.authUrl,
    project: session.projectName,
    region: cloud.regionName,
    StorPool: `${storpool.host}:${storpool.port}`,
    'StorPool cluster': binding.storpoolCluster,
    Cinder: cinder.microversion,
    Nova: nova.microversion,
    'acted by': acting.join(', ') || 'the APIs',
  };
  const facts = Object.entries(known).filter((fact): fact is [string, string] => fact[1] !== undefined);
  return { kind, title: TITLES[kind], facts: Object.fromEntries(facts) };
}
