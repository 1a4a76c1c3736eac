import { parseArgs } from 'node:util';
import { baseImage, ensureBase } from '../fixtures/containers/build/base.ts';
import { ensureEngine } from '../fixtures/containers/build/engine.ts';
import {
  buildOpenstack,
  buildStorpoolMock,
  openstackImage,
  RELEASES,
  type Release,
  STORPOOL_IMAGE,
} from '../fixtures/containers/build/images.ts';
import { dockerLines } from '../fixtures/containers/cluster/docker.ts';
import { CannotRun, Failure } from '../helpers/failure.ts';

const HELP = `Makes what --target container needs: a Docker engine when none answers, a base image, and the images of OpenStack and of the
mock StorPool. The first time it takes 5 to 8 minutes on two cores and 2.5 GB; after that only what changed is built.

  node scripts/containers.ts [options]
    --release <name>   ${Object.keys(RELEASES).join(', ')}; may be repeated (default: epoxy)
    --pull             take the base image from a registry instead of making it from packages
    --mirror <url>     the mirror of Debian to use; default: the one of this machine's apt
    --slow-rpc         leave oslo.messaging as it is packaged: see fixtures/containers/README.md
`;
const CANNOT_RUN = 2;

const { values } = parseArgs({
  options: {
    release: { type: 'string', multiple: true, default: ['epoxy'] },
    pull: { type: 'boolean', default: false },
    mirror: { type: 'string' },
    'slow-rpc': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

try {
  await (values.help ? say(HELP) : makeAll(values.release.map(releaseNamed)));
} catch (error) {
  if (!(error instanceof Failure)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = CANNOT_RUN;
}

async function makeAll(releases: readonly Release[]): Promise<void> {
  const { pull, mirror } = values;
  const tell = (text: string) => say(`${new Date().toTimeString().slice(0, 8)} ${text}\n`);
  await ensureEngine(tell);
  for (const suite of new Set([RELEASES.epoxy, ...releases.map((release) => RELEASES[release])])) {
    await ensureBase(suite, { pull, mirror, say: tell });
  }
  await buildStorpoolMock(tell);
  for (const release of releases) {
    await buildOpenstack(release, { mirror, fastRpc: !values['slow-rpc'], say: tell });
  }
  const made = [STORPOOL_IMAGE, ...releases.map(openstackImage), baseImage(RELEASES.epoxy)];
  const sizes = await dockerLines('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}\t{{.Size}}');
  say(`${sizes.filter((line) => made.includes(line.split('\t')[0] ?? '')).join('\n')}\n`);
}

function releaseNamed(name: string): Release {
  if (!Object.hasOwn(RELEASES, name)) {
    throw new CannotRun(`there is no release ${name} here`, { known: Object.keys(RELEASES).join(', ') }, 'Name one of these.');
  }
  return name as Release;
}

function say(text: string): void {
  process.stdout.write(text);
}
