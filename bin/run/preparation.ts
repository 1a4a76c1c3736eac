import { mkdir, rm } from 'node:fs/promises';
import { delimiter } from 'node:path';
import type { ClientChoice } from '../../fixtures/actions/client-choice.ts';
import { chooseClients, isInstalled } from '../../fixtures/actions/client-search.ts';
import { clientVersions } from '../../fixtures/actions/client-versions.ts';
import { withStorpoolCommand } from '../../fixtures/actions/storpool-command.ts';
import { type Inventory, STORPOOL_VOLUMES } from '../../fixtures/cleanup/inventory.ts';
import { inWords, otherRunsIn } from '../../fixtures/cleanup/other-runs.ts';
import { takeStock } from '../../fixtures/cleanup/quota-used.ts';
import { examineSetting } from '../../fixtures/images/disk-image.ts';
import { type ExaminedImage, volumeSizeFor } from '../../fixtures/images/examine.ts';
import { cloudBindingOf } from '../../fixtures/ledger/cloud-binding.ts';
import { Journal } from '../../fixtures/ledger/journal.ts';
import type { CloudBinding } from '../../fixtures/ledger/journal-lines.ts';
import { SCENARIOS_AT_ONCE } from '../../fixtures/run/at-once.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { type Clients, type ConnectOptions, connect } from '../../fixtures/targets/clients.ts';
import { assertNoObstacles } from '../../fixtures/targets/obstacles-to-a-run.ts';
import type { ProvisionedTarget, Target } from '../../fixtures/targets/target.ts';
import { promisedInWords } from '../../helpers/load.ts';
import type { Redactor } from '../../helpers/redact.ts';
import type { TerminalReporter } from '../../reports/terminal/terminal-reporter.ts';
import type { TargetDescription } from '../../reports/verdict/verdict-schema.ts';
import { plans } from '../../scenarios/plan.ts';
import { describe } from './description.ts';
import { type Feasible, seeFeasible } from './feasibility.ts';
import { unlessAborted } from './interruption.ts';
import { peakOf } from './peak.ts';

/** A target that a run may begin on. */
export interface Prepared {
  readonly target: Target;
  /** Not bound to any signal, so that they still work for cleaning up. */
  readonly clients: Clients;
  readonly binding: CloudBinding;
  readonly description: TargetDescription;
  readonly before: Inventory;
  readonly choice: ClientChoice;
  /** What the operator's image was found to be; undefined for the canary. */
  readonly image: ExaminedImage | undefined;
  readonly gatherLogs: ProvisionedTarget['gatherLogs'];
}

export interface Preparing {
  readonly provision: (runId: string, signal: AbortSignal) => Promise<ProvisionedTarget>;
  /** Shows what is about to happen where; throws CannotRun when nobody agrees to it. */
  readonly approve: (scene: Prepared, runId: string, signal: AbortSignal) => Promise<void>;
  /** By which clients to act; undefined: by those that suit. */
  readonly actBy: ClientChoice['kind'] | undefined;
  readonly redactor: Redactor;
  /** What commands on hosts see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly terminal: TerminalReporter;
  /** The ids of those that will be played. */
  readonly scenarios: readonly string[];
  /** What is known of this run before its target is: by whose settings, and what it leaves out. */
  readonly terms: Readonly<Record<string, string>>;
  readonly id: string;
  readonly dir: string;
  readonly say: (text: string) => void;
  /** What must be taken down after the run. */
  readonly stack: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

/** Brings the target up, signs in, looks at what is there and opens the journal. Throws CannotRun, or the signal's reason. */
export async function prepare(parts: Preparing): Promise<Prepared> {
  const scene = await parts.terminal.saying('Looking at the cluster …', () => lookAround(parts));
  await unlessAborted(parts.approve(scene, parts.id, parts.signal), parts.signal);
  return scene;
}

async function lookAround(parts: Preparing): Promise<Prepared> {
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
  const choice = await unlessAborted(withStorpoolCommand(chosen, target, { redactor, environment }), signal);
  const clients = await unlessAborted(connected(target, { redactor, environment }), signal);
  // The clients take longer to tell their versions than everything else here: not before it is known that the target answers.
  const looks = Promise.all([takeStock(clients), clientVersions(choice, environment)]);
  const [before, acting] = await unlessAborted(looks, signal);
  const binding = await unlessAborted(cloudBindingOf(clients, target, before.shelves.get(STORPOOL_VOLUMES)?.[0]?.name), signal);
  for (const other of otherRunsIn(before, id)) {
    parts.say(inWords(other));
  }
  // Before an image is fetched, which may take long: a run that is killed then is known by its journal.
  using journal = new Journal(runFiles(dir).journal);
  journal.write({ type: 'run', run: id, target: target.kind, prefix: target.storpool.prefix, binding });
  const image = await lookedAt(parts, target, clients);
  const { unseen, facts: amounts } = await unlessAborted(seeFits(parts, target, clients, image), signal);
  for (const what of unseen) {
    parts.say(what);
  }
  const description = await unlessAborted(
    describe({ target, clients, binding, acting, amounts: { ...amounts, ...promisedOf(target), ...parts.terms } }),
    signal,
  );
  return { target: withTimeFor(image, target), clients, binding, before, choice, image, description, gatherLogs };
}

/** What loads must come to. */
function promisedOf({ promises: { performance } }: Target): Readonly<Record<string, string>> {
  return performance === undefined ? {} : { 'promised of loads': promisedInWords(performance) };
}

/** What the run needs at its peak, against what the cloud has. */
function seeFits(
  { id, scenarios }: Preparing,
  { promises, storpool: { prefix } }: Target,
  clients: Clients,
  image: ExaminedImage | undefined,
): Promise<Feasible> {
  const planned = plans(id, { promises: { ...promises, prefix }, scenarios });
  const peak = peakOf(planned, SCENARIOS_AT_ONCE, image && volumeSizeFor(image));
  return seeFeasible({ clients, promises, peak });
}

function installedFor({ tools = '' }: Target, { PATH = '' }: Readonly<Record<string, string>>): (command: string) => boolean {
  return (command) => isInstalled(command, [tools, PATH].join(delimiter));
}

/** What the probe finds comes first: it names everything that stands in the way, and says it better. */
async function connected(target: Target, connecting: ConnectOptions): Promise<Clients> {
  const [probed, clients] = await Promise.allSettled([assertNoObstacles(target, connecting), connect(target, connecting)]);
  if (probed.status === 'rejected') {
    throw probed.reason;
  }
  if (clients.status === 'rejected') {
    throw clients.reason;
  }
  return clients.value;
}

/** Whatever image is not the suite's own is looked at before anything is made, and kept as it was found. */
async function lookedAt(parts: Preparing, target: Target, { glance, seat }: Clients): Promise<ExaminedImage | undefined> {
  const { id: run, dir, stack, signal, terminal } = parts;
  const { image: setting } = target.promises;
  if (setting === 'canary') {
    return;
  }
  const folder = runFiles(dir).image;
  await mkdir(folder, { mode: 0o700 });
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  terminal.print(`Looking at the image ${setting} before anything is made.\n`);
  return await unlessAborted(examineSetting({ setting, run, seat, glance, folder, signal }), signal);
}

/** Bytes a second that a slow but healthy cluster copies. */
const SLOWEST = 10 * 1024 ** 2;

/** The limits of a target are those for the canary; a larger image takes longer. */
function withTimeFor(image: ExaminedImage | undefined, target: Target): Target {
  const { limits } = target;
  const imageMs = limits.imageMs + Math.ceil((1000 * (image?.heldBytes ?? 0)) / SLOWEST);
  return image === undefined ? target : { ...target, limits: { ...limits, imageMs } };
}
