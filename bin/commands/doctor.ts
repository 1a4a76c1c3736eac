import { report } from '../../fixtures/preflight/findings/doctor-table.ts';
import { examineTarget } from '../../fixtures/preflight/target-doctor.ts';
import { newRunId } from '../../fixtures/run/run.ts';
import { shell } from '../../helpers/commands/shell.ts';
import { readSettings, type SettingOptions, systemEnvironment } from '../../helpers/config/config.ts';
import { readHostsFile } from '../../helpers/hosts/inventory/inventory-file.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { TerminalReporter } from '../../reports/terminal/terminal-reporter.ts';
import { paletteFor } from '../../reports/terminal/text.ts';
import { writeAsItIs } from '../masked-output.ts';
import { Interruption, unlessAborted } from '../run/interruption.ts';
import { provision } from '../target.ts';

export interface DoctorOptions extends SettingOptions {
  /** An inventory of further hosts: a YAML list, or Ansible's INI or YAML. */
  readonly inventory?: string;
  /** A folder of StorPool's OpenStack integration suite. */
  readonly integrationSuite?: string;
  readonly json?: boolean;
}

/** What programs read of an examination. */
const STRUCTURE = new Set(['check', 'outcome', 'by', 'host', 'hosts']);
const STOPPING = { first: 'nothing was changed.', later: 'Please wait.' };

/** Looks at the deployment and nothing else. Gives 0 when nothing is wrong and nothing is unknown, else 1; after a signal as a run does. */
export async function doctor(options: DoctorOptions, redactor: Redactor): Promise<number> {
  using terminal = new TerminalReporter({ out: process.stderr, palette: paletteFor(process.stderr) });
  const say = (text: string) => terminal.print(`${text}\n`);
  // A target that was made to be looked at must be taken down again.
  using interruption = new Interruption(say, STOPPING);
  try {
    const healthy = await look(options, redactor, { signal: interruption.signal, say, terminal });
    return interruption.exitCode ?? (healthy ? 0 : 1);
  } catch (error) {
    if (interruption.exitCode === undefined) {
      throw error;
    }
    return interruption.exitCode;
  }
}

async function look(
  { inventory, integrationSuite, json, ...options }: DoctorOptions,
  redactor: Redactor,
  bounds: { readonly signal: AbortSignal; readonly say: (text: string) => void; readonly terminal: TerminalReporter },
): Promise<boolean> {
  const settings = readSettings(options);
  const environment = systemEnvironment();
  const named = inventory === undefined ? [] : await readHostsFile(inventory, (argv) => shell(argv, { environment }), bounds.say);
  await using provisioned = await provision(settings, newRunId(Date.now()), bounds);
  const { target } = provisioned;
  redactor.learn(target.cloud.password);
  redactor.learn(target.storpool.token);
  const connecting = { redactor, environment, signal: bounds.signal };
  const looking = () => examineTarget({ target, connecting, named, suite: integrationSuite });
  const { cases: _found, ...examination } = await bounds.terminal.saying('Looking at services, StorPool and hosts …', () =>
    unlessAborted(looking(), bounds.signal),
  );
  const shown = redactor.maskValues(examination, (field, _text, depth) => depth <= 2 && STRUCTURE.has(field));
  if (json === true) {
    writeAsItIs(`${JSON.stringify(shown, null, 1)}\n`);
  } else {
    process.stdout.write(`${report(shown)}\n`);
  }
  return examination.verdicts.every(({ outcome }) => outcome === 'passed' || outcome === 'not-applicable');
}
