import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { baseImage, ensureBase, isThere } from '../fixtures/containers/build/base.ts';
import { ensureEngine } from '../fixtures/containers/build/engine.ts';
import {
  buildHorizon,
  buildNeutron,
  buildOpenstack,
  buildStorpoolMock,
  horizonImage,
  layWheels,
  neutronImage,
  openstackContent,
  openstackImage,
  RELEASES,
  type Release,
  STORPOOL_IMAGE,
  storpoolContent,
} from '../fixtures/containers/build/images.ts';
import { type Content, takeOrBuild } from '../fixtures/containers/build/kept.ts';
import { dockerLines } from '../fixtures/containers/cluster/docker.ts';
import { CannotRun, Failure } from '../helpers/failure.ts';

const HELP = `Makes what --target container needs: a Docker engine when none answers, a base image, and the images of OpenStack and of the
mock StorPool. The first time it takes 5 to 8 minutes on two cores and 2.5 GB; after that only what changed is built.

  node scripts/containers.ts [options]
    --release <name>   ${Object.keys(RELEASES).join(', ')}; may be repeated (default: epoxy)
    --wheel <file>     a Python package that Debian has not, laid into the images of these releases; may be repeated
    --horizon          also the images of Horizon and Neutron, for --horizon container
    --pull             take the base image from a registry instead of making it from packages
    --cache <folder>   keep the images there by what they are made of, and take them from there when that is the same
    --mirror <url>     the mirror of Debian to use; default: the one of this machine's apt
    --slow-rpc         leave oslo.messaging as it is packaged: see fixtures/containers/README.md
`;
const CANNOT_RUN = 2;

const { values } = parseArgs({
  options: {
    release: { type: 'string', multiple: true, default: ['epoxy'] },
    wheel: { type: 'string', multiple: true, default: [] },
    horizon: { type: 'boolean', default: false },
    pull: { type: 'boolean', default: false },
    cache: { type: 'string' },
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
  const { pull, mirror, cache, wheel: wheels } = values;
  const missing = wheels.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new CannotRun('there is no such wheel', { missing }, 'Name a file that `pip wheel --no-deps` made.');
  }
  const tell = (text: string) => say(`${new Date().toTimeString().slice(0, 8)} ${text}\n`);
  await ensureEngine(tell);
  const make = (image: string, content: Content, build: () => Promise<void>) =>
    cache === undefined ? build() : takeOrBuild(cache, image, content, { build, say: tell });
  const base = { pull, mirror, say: tell };
  await make(STORPOOL_IMAGE, storpoolContent(), async () => {
    await ensureBase(RELEASES.epoxy, base);
    await buildStorpoolMock(tell);
  });
  const fastRpc = !values['slow-rpc'];
  for (const release of releases) {
    await make(openstackImage(release), openstackContent(release, { fastRpc, wheels }), async () => {
      await ensureBase(RELEASES[release], base);
      await buildOpenstack(release, { mirror, fastRpc, say: tell });
      if (wheels.length > 0) {
        await layWheels(release, wheels, tell);
      }
    });
    // It lies over the image that may have changed just now.
    if (values.horizon || (await isThere(neutronImage(release)))) {
      await buildNeutron(release, tell);
    }
    if (values.horizon) {
      await ensureBase(RELEASES[release], base);
      await buildHorizon(release, tell);
    }
  }
  const made = [
    STORPOOL_IMAGE,
    ...releases.flatMap((release) => [openstackImage(release), neutronImage(release), horizonImage(release)]),
    baseImage(RELEASES.epoxy),
  ];
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
