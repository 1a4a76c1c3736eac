import { commandBook } from '../../helpers/commands/commands.ts';
import {
  environment,
  type GivenSettings,
  readGivenSettings,
  type SettingOptions,
  systemEnvironment,
} from '../../helpers/config/config.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { ciIn } from '../../reports/ci/detect.ts';
import { TerminalReporter } from '../../reports/terminal/terminal-reporter.ts';
import { paletteFor } from '../../reports/terminal/text.ts';
import { manifest, playedRunbooks } from '../../scenarios/manifest.ts';
import { plans } from '../../scenarios/plan.ts';
import { HORIZON, planHorizon } from '../horizon.ts';
import { writeAsItIs } from '../masked-output.ts';
import { runAcceptance } from '../run/acceptance.ts';
import { approve } from '../run/approval.ts';
import { assertSame, type Carried } from '../run/carried.ts';
import { expectedInWords, expectedTime } from '../run/order.ts';
import { runsFolder } from '../runs-folder.ts';
import { selected } from '../selected.ts';
import type { Selection } from '../selection.ts';
import { provision } from '../target.ts';

/** Verifies a cluster. Gives 0 when it is accepted, else why not; throws CannotRun when nothing could be begun. */
export async function run({ json = false, ...options }: RunOptions, redactor: Redactor): Promise<number> {
  const given = readGivenSettings(options);
  const out = json ? process.stderr : process.stdout;
  const selection = selected(given.settings, runsFolder, (text) => out.write(`${text}\n`));
  return await play({ given, selection, redactor, json });
}

export interface RunOptions extends SettingOptions {
  /** For programs: each line of evidence on the standard output, as it comes, and at last the verdict; words go to the standard error. */
  readonly json?: boolean;
}

export interface Play {
  readonly given: GivenSettings;
  /** What is played. */
  readonly selection: Selection;
  readonly redactor: Redactor;
  /** What an earlier run has played already. */
  readonly carried?: Carried;
  readonly json?: boolean;
  /** Told the folder of the run once its verdict is written. */
  readonly onConcluded?: (runDir: string) => void;
}

/** The same, once it is known what is played. */
export async function play(playing: Play): Promise<number> {
  const { selection, redactor, carried, json = false } = playing;
  const { settings, given, unused } = playing.given;
  const horizon = planHorizon(settings, selection.scenarios);
  const making = selection.scenarios.filter((id) => !(id === HORIZON && typeof horizon === 'object' && 'none' in horizon));
  const [{ readWaivers }, { waivedOn }] = await Promise.all([
    import('../../reports/verdict/waivers.ts'),
    import('../../reports/verdict/waiving.ts'),
  ]);
  const waivers = readWaivers(settings.waivers, manifest);
  const out = json ? process.stderr : process.stdout;
  const waived = waivedOn(new Date().toISOString(), waivers);
  using terminal = new TerminalReporter({ manifest, out, palette: paletteFor(out), waived });
  const say = (text: string) => terminal.print(`${redactor.clean(text)}\n`);
  using ci = ciIn(environment(), { say: (text) => terminal.print(text), mark: writeAsItIs });
  ci?.open('The run, scenario by scenario');
  if (unused !== undefined) {
    say(`${unused} is for another target than ${settings.target}, and not used.`);
  }
  return await runAcceptance({
    runsDir: runsFolder(),
    manifest,
    selection,
    making,
    carried,
    redactor,
    terminal,
    // What was written down is masked.
    onEvidence: (line) => json && writeAsItIs(`${JSON.stringify(line)}\n`),
    keepOnFailure: settings.keepOnFailure,
    actBy: settings.clients,
    terms: termsOf(carried?.selection ?? selection.checks, given),
    environment: systemEnvironment(),
    provision: (runId, signal) => provision(settings, runId, { signal, say, horizon }),
    approve: async (scene, runId, signal) => {
      const { target } = scene;
      if (carried !== undefined) {
        // What was written down of the earlier run was masked.
        assertSame(
          carried,
          redactor.maskValues(scene.description, (field) => field === 'kind'),
        );
      }
      const takes = expectedTime(making, { runsDir: runsFolder(), target: target.kind, runbooks: playedRunbooks });
      if (target.kind === 'live') {
        const promises = { ...target.promises, prefix: target.storpool.prefix };
        const planned = plans(runId, { promises, commands: commandBook(scene.choice.spelling), scenarios: making });
        await approve({ scene, plans: planned, takes: expectedInWords(takes), yes: settings.yes, signal, say });
      }
      terminal.begin({ checks: selection.checks.length, expectedMs: takes.ms });
    },
    conclude: async (runDir, facts, wasInterrupted) => {
      using writing = terminal.during('Judging the run and writing its report …');
      const { conclude } = await import('../run/conclusion.ts');
      const code = await conclude({
        runDir,
        manifest,
        facts: { ...facts, waivers },
        redactor,
        wasInterrupted,
        ci,
        print: afterwards(writing, terminal),
        onVerdict: (verdict) => json && writeAsItIs(`${JSON.stringify({ type: 'verdict', ...verdict })}\n`),
      });
      playing.onConcluded?.(runDir);
      return code;
    },
  });
}

/** What is said ends what was going on. */
function afterwards(doing: Disposable, terminal: TerminalReporter): (text: string) => void {
  return (text) => {
    doing[Symbol.dispose]();
    terminal.print(text);
  };
}

/** What is chosen for one run and seen in it; drivers are told by what they are, not by where. */
const OF_THIS_CALL: ReadonlySet<string> = new Set(['config', 'last-failed', 'yes', 'driver']);

/** What a run is told, whatever the cluster. */
function termsOf(checks: readonly string[], given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const scenarios = manifest.checks.filter(({ id }) => checks.includes(id)).map(({ scenario }) => scenario);
  const leftOut = manifest.scenarios.filter(({ id }) => !scenarios.includes(id)).map(({ id }) => id);
  const told = Object.entries(given).filter(([name]) => !OF_THIS_CALL.has(name));
  const settings = told.map(([name, value]) => `${name} ${value}`);
  return {
    ...(settings.length > 0 && { settings: settings.join(', ') }),
    ...(leftOut.length > 0 && { 'not played': leftOut.join(', ') }),
  };
}
