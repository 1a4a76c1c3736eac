import { createRequire } from 'node:module';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { SettingOptions, Settings } from '../helpers/config/config.ts';
import { nearestWord } from '../helpers/config/nearest-word.ts';
import { CannotRun } from '../helpers/failure.ts';
import { Redactor } from '../helpers/redact.ts';
import type { BundleOptions } from './commands/bundle.ts';
import type { CompareOptions } from './commands/compare-drivers.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { InitOptions } from './commands/init.ts';
import type { ProveOptions } from './commands/prove.ts';
import type { RunOptions } from './commands/run.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { loaded } from './help/loading.ts';
import { HELP_AFTER } from './help/words.ts';
import { inWords, maskOutput } from './masked-output.ts';
import { addSettings, OF_CONTAINERS } from './options.ts';
import { addProofs } from './prove-options.ts';
import { notPacked } from './seat.ts';
import { isOfTheSystem, systemFailure } from './system-failure.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };
const CANNOT_RUN = 2;
const PROMISES: (keyof Settings)[] = ['template', 'replication', 'volumeType', 'image', 'flavor', 'nic'];

/**
 * Runs the command line and gives the exit code. Never throws; what went wrong is printed once, for a person. Nothing is said any more with
 * the secrets that the commands come to know.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const redactor = new Redactor();
  maskOutput(redactor);
  const program = commandLine(redactor, (code) => {
    exitCode = code;
  });
  try {
    assertCommand(
      argv[0],
      program.commands.map((command) => command.name()),
    );
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : CANNOT_RUN;
    }
    const failure = isOfTheSystem(error) ? systemFailure(error) : (notPacked(error) ?? error);
    const isRefused = failure instanceof CannotRun;
    await sayWhyNot(redactor.clean(inWords(failure)), argv, isRefused);
    return isRefused ? CANNOT_RUN : 1;
  }
}

/** What went wrong, which stands in no verdict. Of a run a CI is told on the stream on which the run told it, lest it be heard too early. */
async function sayWhyNot(why: string, argv: readonly string[], isRefused: boolean): Promise<void> {
  const command = /^[^-].*/.exec(argv[0] ?? '')?.[0] ?? 'run';
  const isRun = command === 'run' || command === 'resume';
  const title = isRefused && isRun ? 'The acceptance could not run' : `acceptance ${command} failed`;
  const stream = isRun && !argv.includes('--json') ? process.stdout : process.stderr;
  const [{ environment }, { ciIn }] = await Promise.all([
    import('../helpers/config/config.ts'),
    import('../reports/ci/detect.ts'),
  ]);
  const say = (text: string) => void stream.write(text);
  const ci = ciIn(environment(), { say, mark: say });
  ci === undefined ? process.stderr.write(`${why}\n`) : ci.refuse(why, title);
}

/** With a default command, a mistyped one would be taken for an argument of that. */
function assertCommand(word: string | undefined, known: readonly string[]): void {
  if (word === undefined || word.startsWith('-') || known.includes(word)) {
    return;
  }
  const near = nearestWord(word, known);
  const advice = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
  throw new CannotRun(`there is no command ${word}`, {}, advice);
}

// Commands are imported when they are called: `list` must not wait for the mock cluster to load.
function commandLine(redactor: Redactor, exit: (code: number) => void): Command {
  const program = new Command('acceptance')
    .description('Verifies an OpenStack deployment on StorPool, step by step of its guide.')
    .version(version, '--version', 'print the version of the suite')
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .helpCommand(false)
    .addHelpText('after', HELP_AFTER);
  addRunAndPlan(program, redactor, exit);
  program
    .command('list')
    .description('print every check with its claim and the line of the guide that it comes from')
    .option('--fields', 'print what every layer tells of what a run makes: how each field is expected, or why it is not compared')
    .action(async ({ fields = false }: { readonly fields?: boolean }) =>
      exit(fields ? (await import('./commands/list-fields.ts')).listFields() : (await import('./commands/list.ts')).list()),
    );
  addLooks(program, redactor, exit);
  const sweep = program
    .command('sweep')
    .argument('[run...]', 'ids of runs; all that may have left something behind when there is none')
    .description('show, and with --yes remove, what killed runs left behind');
  sweep.option('--yes', 'remove it. Only here: no variable stands for it');
  addSettings(sweep, 'config', 'target', 'cloud', 'hosts').action(async (runs: string[], options: SettingOptions) =>
    exit(await (await loaded(() => import('./commands/sweep.ts'))).sweep(runs, options, redactor)),
  );
  program
    .command('mock')
    .description('serve the mock cluster for other tools, until it is stopped')
    .addOption(new Option('--port-base <port>', 'first of consecutive ports; free ones by default').argParser(port))
    .option('--state <dir>', 'keep its state in this folder, across restarts')
    .option('--seed <file>', 'YAML file that says what it begins with: hosts, templates, volume types, flavors, images, volumes')
    .addOption(new Option('--only <service>', 'serve StorPool alone').choices(['storpool']))
    .option('--faults <id...>', 'break it on purpose, as `prove` does; `?` prints all there are')
    .option('--json', 'print all addresses and credentials as one line of JSON')
    .option('--ready-file <file>', 'write that line there as soon as it is ready')
    .action(async (options) => exit(await (await import('./commands/mock.ts')).mock(options)));
  addAfterwards(program, redactor, exit);
  addHelp(program, exit);
  const prove = program
    .command('prove')
    .description('break embedded clusters on purpose, one fault each, and show that every check sees it');
  addProofs(prove).action(async (options: ProveOptions) =>
    exit(await (await loaded(() => import('./commands/prove.ts'))).prove(options)),
  );
  return program;
}

/** What tells of the command line itself. */
function addHelp(program: Command, exit: (code: number) => void): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'bash or zsh').choices(['bash', 'zsh']))
    .description('print what completes the words of `acceptance` in that shell: source it, or put it where the shell looks')
    .action(async (shell: 'bash' | 'zsh') => exit((await import('./help/print.ts')).printCompletion(program, shell)));
  program
    .command('man')
    .description('print the manual page, made of this help: acceptance man | man -l -')
    .action(async () => exit((await import('./help/print.ts')).printManual(program)));
}

/** What only looks at a cluster. */
function addLooks(program: Command, redactor: Redactor, exit: (code: number) => void): void {
  const doctor = program
    .command('doctor')
    .description('only look: at every host and every service, changing nothing; what is wrong and how to mend it');
  addSettings(doctor, 'config', 'target', 'cloud', 'template', 'replication', 'hosts', ...OF_CONTAINERS)
    .option('--inventory <file>', "further hosts, reached by ssh: a YAML list, or Ansible's inventory")
    .option('--integration-suite <folder>', "StorPool's OpenStack integration suite, to compare patched drivers with")
    .option('--json', 'for programs')
    .action(async (options: DoctorOptions) =>
      exit(await (await loaded(() => import('./commands/doctor.ts'))).doctor(options, redactor)),
    );
  const init = program
    .command('init')
    .description('look at a live cluster and write acceptance.yaml: the settings of a run on it, with where each was found');
  addSettings(init, 'cloud', 'volumeType')
    .option('--inventory <file>', "further hosts, reached by ssh: a YAML list, or Ansible's inventory")
    .option('--out <file>', 'another file than acceptance.yaml; `-` prints it')
    .action(async (options: InitOptions) =>
      exit(await (await loaded(() => import('./commands/init.ts'))).init(options, redactor)),
    );
}

/** What is done with runs that have ended. */
function addAfterwards(program: Command, redactor: Redactor, exit: (code: number) => void): void {
  program
    .command('report')
    .argument('[run]', 'id of the run; the latest when there is none')
    .description("write a run's reports again and print its verdict")
    .action(async (run: string | undefined) => exit(await (await loaded(() => import('./commands/report.ts'))).report(run)));
  program
    .command('trend')
    .argument('[run]', 'id of the run that it ends with; the latest when there is none')
    .description('outcomes and durations of each check and scenario over the last 20 runs on the same cluster')
    .action(async (run: string | undefined) => exit((await import('./commands/trend.ts')).trend(run)));
  addCompare(program, redactor, exit);
  program
    .command('bundle')
    .argument('[run]', 'id of the run; the latest when there is none')
    .description(
      'make one file of what a run is proved by, to hand on: verdict, evidence, journal, pages, and a statement about them',
    )
    .option(
      '--key <file>',
      'sign that statement: a private key as PEM, Ed25519 best, with its certificate in the same file if it has one',
    )
    .option(
      '--keyless',
      'sign it as whom this pipeline’s provider knows (GitHub, or SIGSTORE_ID_TOKEN), by Sigstore, whose log shows that to everybody',
    )
    .option('--fulcio <url>', 'with --keyless: a certificate authority of your own')
    .option('--rekor <url>', 'with --keyless: a log of your own')
    .option('--out <file>', 'where to; default: acceptance-RUN.tar.gz here')
    .action(async (run: string | undefined, options: BundleOptions) =>
      exit(await (await import('./commands/bundle.ts')).bundle(run, options, redactor)),
    );
  program
    .command('verify')
    .argument('<file>', 'what `bundle` made')
    .description(
      'tell what of a bundle holds and what does not, anywhere: 0 all of it, 1 something does not, 2 it could not be looked at',
    )
    .option(
      '--key <file>',
      "whose signature it should bear: a public key as PEM, or a certificate, the signer's or that of its authority",
    )
    .option('--trusted-root <file>', 'for what was signed keyless: trusted_root.json of Sigstore, the public one or your own')
    .option('--identity <who>', 'who should have signed keyless: the address of the workflow or pipeline, in full')
    .option('--issuer <url>', 'who should vouch for that, as https://token.actions.githubusercontent.com')
    .action(async (file: string, options: VerifyOptions) =>
      exit(await (await import('./commands/verify.ts')).verify(file, options)),
    );
}

function addCompare(program: Command, redactor: Redactor, exit: (code: number) => void): void {
  const compare = program
    .command('compare')
    .argument('[before]', 'id of a run; the last but one of the same target when there is none')
    .argument('[after]', 'id of a later run; the latest when there is none')
    .description('what is different between two runs: checks, durations, versions; 1 when a check is worse');
  addSettings(compare, 'only', 'exclude', 'waivers', 'small', 'release', 'reuse')
    .option(
      '--driver <driver>',
      'twice, instead of runs: play the same on containers with each, `packaged` or cinder=PATH,os-brick=PATH,nova=PATH',
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .action(async (before: string | undefined, after: string | undefined, options: CompareOptions) =>
      exit(
        options.driver === undefined
          ? (await import('./commands/compare.ts')).compare(before, after, Object.keys(options))
          : await (await import('./commands/compare-drivers.ts')).compareDrivers(before, options, redactor),
      ),
    );
}

function addRunAndPlan(program: Command, redactor: Redactor, exit: (code: number) => void): void {
  const verify = program
    .command('run', { isDefault: true })
    .description('verify a cluster (the default command): the embedded one or containers, started for it, or a live one');
  addSettings(
    verify,
    'config',
    'target',
    'cloud',
    'only',
    'exclude',
    'lastFailed',
    ...PROMISES,
    'hosts',
    'clients',
    'waivers',
    'horizon',
    'performance',
    'everywhere',
    'keepOnFailure',
    'yes',
    ...OF_CONTAINERS,
  )
    .option('--json', 'for programs: what is seen, a line of JSON each, and at last the verdict; words go to the standard error')
    .action(async (options: RunOptions) => exit(await (await loaded(() => import('./commands/run.ts'))).run(options, redactor)));
  const resume = program
    .command('resume')
    .argument('[run]', 'id of the run; the latest when there is none')
    .description(
      'go on with a run that was interrupted or killed: play what it did not get to, and judge the whole; settings as then',
    );
  addSettings(
    resume,
    'config',
    'target',
    'cloud',
    ...PROMISES,
    'hosts',
    'clients',
    'waivers',
    'keepOnFailure',
    'yes',
    ...OF_CONTAINERS,
  ).action(async (run: string | undefined, options: SettingOptions) =>
    exit(await (await loaded(() => import('./commands/resume.ts'))).resume(run, options, redactor)),
  );
  const plan = program
    .command('plan')
    .description('print every object, size and command line of a run, without touching anything');
  addSettings(plan, 'config', 'target', 'only', 'exclude', 'lastFailed', 'everywhere', ...PROMISES, 'clients').action(
    async (options: SettingOptions) => exit((await import('./commands/plan.ts')).plan(options)),
  );
}

const MOST_PORTS = 65_535;

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MOST_PORTS) {
    throw new InvalidArgumentError(`${text} is not a port.`);
  }
  return value;
}
