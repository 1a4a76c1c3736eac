import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { chooseClients, isInstalled } from '../../fixtures/actions/client-search.ts';
import { examineTarget } from '../../fixtures/preflight/target-doctor.ts';
import { connect } from '../../fixtures/targets/clients.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { shell } from '../../helpers/commands/shell.ts';
import { environment, nodeName, readSettings, type SettingOptions, systemEnvironment } from '../../helpers/config/config.ts';
import { fromHere } from '../../helpers/config/named-file.ts';
import { CannotRun, Failure } from '../../helpers/failure.ts';
import { readHostsFile } from '../../helpers/hosts/inventory/inventory-file.ts';
import { HttpFailure } from '../../helpers/http/http-failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { TerminalReporter } from '../../reports/terminal/terminal-reporter.ts';
import { paletteFor } from '../../reports/terminal/text.ts';
import { masked, type ProposedLine, propose } from '../init/proposal.ts';
import { settingsText } from '../init/settings-text.ts';
import { Interruption, unlessAborted } from '../run/interruption.ts';

export interface InitOptions extends SettingOptions {
  /** An inventory of further hosts. */
  readonly inventory?: string;
  /** Where to write; `-` is the standard output. */
  readonly out?: string;
}

const FORBIDDEN = 403;
const STOPPING = { first: 'nothing was written.', later: 'Please wait.' };

/**
 * Looks at the live cluster and its hosts, changes nothing there, and writes the settings of a run on it. Never over a file that is there.
 * Gives 0, or after a signal as a run does; throws CannotRun when the cluster cannot be looked at.
 */
export async function init({ inventory, out = 'acceptance.yaml', ...options }: InitOptions, redactor: Redactor): Promise<number> {
  const file = out === '-' ? undefined : resolve(environment()['INIT_CWD'] ?? '.', out);
  if (file !== undefined && existsSync(file)) {
    throw new CannotRun('the settings file is there already', { file }, 'Name another with --out FILE, or --out - to print.');
  }
  using terminal = new TerminalReporter({ out: process.stderr, palette: paletteFor(process.stderr) });
  const say = (text: string) => terminal.print(`${redactor.clean(text)}\n`);
  using interruption = new Interruption(say, STOPPING);
  const looking = () => look(options, inventory, { redactor, signal: interruption.signal, say });
  const found = terminal.saying('Looking …', () => unlessAborted(looking(), interruption.signal));
  const lines = await found.catch((error: unknown) => {
    if (interruption.exitCode === undefined) {
      throw error;
    }
  });
  if (lines === undefined) {
    return interruption.exitCode ?? 1;
  }
  const day = new Date().toISOString().slice(0, 10);
  const text = settingsText(
    masked(lines, (said) => redactor.clean(said)),
    `Found by \`npm run acceptance -- init\` on ${nodeName()}, ${day}. Options and ACCEPTANCE_… win.`,
  );
  if (file === undefined) {
    process.stdout.write(text);
    return 0;
  }
  // Somebody may have written one meanwhile.
  writeFileSync(file, text, { flag: 'wx' });
  process.stdout.write(
    `${text}\n${file} was written. Look through it, then:\n  npm run acceptance -- plan\n  npm run acceptance\n`,
  );
  return 0;
}

interface Bounds {
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

async function look(
  options: SettingOptions,
  inventory: string | undefined,
  { redactor, signal, say }: Bounds,
): Promise<ProposedLine[]> {
  // A settings file that is there is about what was found before.
  const settings = readSettings({ ...options, target: 'live', config: 'none' });
  const system = systemEnvironment();
  const target = liveTarget(settings, environment(), fromHere('.'), say);
  redactor.learn(target.cloud.password);
  redactor.learn(target.storpool.token);
  const named =
    inventory === undefined ? [] : await readHostsFile(inventory, (argv) => shell(argv, { environment: system }), say);
  const connecting = { redactor, environment: system, signal };
  say(`Looking at ${target.cloud.authUrl}, at StorPool and at the hosts that they know.`);
  const onHost = (done: number, of: number) => say(`looked at ${done} of ${of} hosts`);
  const { cinder, nova, storpool } = await connect(target, connecting);
  const [types, defaultType, pools, templates, flavor, { cases }] = await Promise.all([
    cinder.backEnds.types(),
    cinder.backEnds.defaultType(),
    cinder.backEnds.pools().catch(forbidden),
    storpool.cluster.templatesStatus(),
    nova.cloud.flavor(settings.flavor).catch(noFlavor),
    examineTarget({ target, connecting, named, onHost }),
  ]);
  if (settings.volumeType !== undefined) {
    // Throws Failure that lists those there are.
    await cinder.backEnds.type(settings.volumeType);
  }
  const cloud = settings.cloud ?? (environment()['OS_CLOUD'] || undefined);
  const { authUrl } = target.cloud;
  const byCredential = target.cloud.applicationCredential !== undefined;
  const has = (command: string) => isInstalled(command, [target.tools ?? '', system['PATH'] ?? ''].join(delimiter));
  return propose({
    clients: chooseClients({ wanted: settings.clients, target: 'live', has, byCredential }),
    ...{ cloud, authUrl, types, defaultType, pools, templates, flavor, named, own: target.hosts },
    wantedType: settings.volumeType,
    hosts: cases,
  });
}

function forbidden(error: unknown): undefined {
  if (!(error instanceof HttpFailure && error.status === FORBIDDEN)) {
    throw error;
  }
}

function noFlavor(error: unknown): undefined {
  if (!(error instanceof Failure) || error instanceof HttpFailure) {
    throw error;
  }
}
