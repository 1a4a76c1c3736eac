import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { $ } from 'zx';
import { runInstaller } from '../fixtures/containers/build/apt.ts';
import { ensureBootstrap } from '../fixtures/containers/build/base.ts';
import { ensureEngine } from '../fixtures/containers/build/engine.ts';
import { CannotRun } from '../helpers/failure.ts';
import {
  BROWSER_TOOLS,
  CLIENT_TOOLS,
  LOAD_TOOLS,
  PEER_TOOLS,
  planSetup,
  READER_TOOLS,
  RUN_TOOLS,
  TEST_TOOLS,
} from './packages.ts';

const HELP = `Installs what the embedded cluster and the suite's own tests need and this machine lacks: qemu-img, QEMU, file,
loop device tools; chromium and ssh for the tests. It is only ever started by a person, and never for a live cluster.

  npm run setup                    what a run and the tests need
  npm run setup -- --run-only      only what a run needs
  npm run setup -- --clients       also OpenStack's command-line clients, for --clients legacy and openstack
  npm run setup -- --browser       also Debian's Horizon, for --horizon embedded
  npm run setup -- --fio           also fio, for --only performance on the embedded cluster
  npm run setup -- --peers         also Tempest, for npm run test:peers
  npm run setup -- --containers    also Docker and the images of --target container (minutes)
  npm run setup -- --containers --horizon   also the images of Horizon and Neutron, for --horizon container
  npm run setup -- --containers --release zed --wheel FILE
                                   the same for another release, with Python packages that Debian has not
  npm run setup -- --dry-run       only says what it would do
`;
const CANNOT_RUN = 2;
// Root's PATH has them, a plain user's often has not, though the commands are there.
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];

const { values } = parseArgs({
  options: {
    'run-only': { type: 'boolean', default: false },
    clients: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    browser: { type: 'boolean', default: false },
    horizon: { type: 'boolean', default: false },
    fio: { type: 'boolean', default: false },
    containers: { type: 'boolean', default: false },
    release: { type: 'string', multiple: true, default: [] },
    wheel: { type: 'string', multiple: true, default: [] },
    cache: { type: 'string', multiple: true, default: [] },
    'dry-run': { type: 'boolean', default: false },
    target: { type: 'string', default: process.env['ACCEPTANCE_TARGET'] ?? 'embedded' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

process.exitCode = values.help
  ? say(HELP, 0)
  : values.containers && !values['dry-run'] && values.target !== 'live'
    ? await setUpWithImages()
    : await setUp();

/** Images are made while packages are installed, which keeps one core busy. What both would wait for each other for, apt, comes first. */
async function setUpWithImages(): Promise<number> {
  const tell = (text: string) => void say(`${text}\n`, 0);
  const prepared = await untilCannot(async () => {
    await ensureEngine(tell);
    // Whoever is not root may have all that is needed, or is told so by what makes the images.
    await (process.getuid?.() === 0 && ensureBootstrap(tell));
  });
  if (prepared !== 0) {
    return prepared;
  }
  const options = (['release', 'wheel', 'cache'] as const).flatMap((name) =>
    values[name].flatMap((value) => [`--${name}`, value]),
  );
  const script = join(import.meta.dirname, 'containers.ts');
  // It says itself what went wrong.
  const making = $({
    stdio: 'inherit',
    nothrow: true,
  })`${process.execPath} ${script} ${options} ${values.horizon ? ['--horizon'] : []}`;
  const [packages, images] = await Promise.all([setUp(), making]);
  return packages === 0 ? (images.exitCode ?? 1) : packages;
}

async function setUp(): Promise<number> {
  if (values.target === 'live') {
    return say('setup installs nothing for a live target\n  → Install what `acceptance doctor` misses yourself.\n', CANNOT_RUN);
  }
  const asked = [
    ...(values.clients ? [...CLIENT_TOOLS, ...READER_TOOLS] : []),
    ...(values.peers ? PEER_TOOLS : []),
    ...(values.browser ? BROWSER_TOOLS : []),
    ...(values.fio ? LOAD_TOOLS : []),
  ];
  const tools = [...RUN_TOOLS, ...(values['run-only'] ? [] : TEST_TOOLS), ...asked];
  const plan = planSetup({ platform: process.platform, isRoot: process.getuid?.() === 0, has: isInstalled }, tools);
  if (plan === undefined) {
    const names = tools.map(({ command }) => command).join(', ');
    return say(`neither apt-get nor dnf is here\n  → Install these commands yourself: ${names}\n`, CANNOT_RUN);
  }
  if (plan.missing.length === 0) {
    return say('Nothing is missing.\n', 0);
  }
  const typed = plan.commands.map((command) => `  ${plan.isOurs ? '' : sudo()}${command.join(' ')}\n`).join('');
  say(`missing: ${plan.missing.join(', ')}\n${typed}`, 0);
  if (values['dry-run']) {
    return 0;
  }
  if (!plan.isOurs) {
    return say('  → Run the above, then `npm run setup` again.\n', CANNOT_RUN);
  }
  const installed = await untilCannot(async () => {
    for (const command of plan.commands) {
      await runInstaller(command, { show: true, say: (text) => void say(`${text}\n`, 0) });
    }
  });
  if (installed !== 0) {
    return installed;
  }
  const left = tools.filter(({ command, file = command }) => !isInstalled(file)).map(({ command }) => command);
  return left.length === 0 ? 0 : say(`still missing: ${left.join(', ')}\n  → Look at the output above.\n`, CANNOT_RUN);
}

/** The exit code of what may not be possible here, which is told. */
async function untilCannot(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (!(error instanceof CannotRun)) {
      throw error;
    }
    return say(`${error.message}\n`, CANNOT_RUN);
  }
}

function sudo(): string {
  return process.platform === 'darwin' ? '' : 'sudo ';
}

function isInstalled(command: string): boolean {
  if (isAbsolute(command)) {
    return existsSync(command);
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text);
  return exitCode;
}
