import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { sweepRun } from '../../../fixtures/cleanup/sweep.ts';
import { type RunningCluster, requireImages } from '../../../fixtures/containers/cluster/cluster.ts';
import { docker } from '../../../fixtures/containers/cluster/docker.ts';
import { readDrivers } from '../../../fixtures/containers/drivers/under-test.ts';
import { RandomChoice } from '../../../fixtures/proof/healthy/dice.ts';
import { newRunId } from '../../../fixtures/run/run.ts';
import { connect } from '../../../fixtures/targets/clients.ts';
import { provisionContainer } from '../../../fixtures/targets/container.ts';
import { systemEnvironment } from '../../../helpers/config/config.ts';
import { CannotRun, messageOf } from '../../../helpers/failure.ts';
import { Redactor } from '../../../helpers/redact.ts';
import { firstLine } from '../../../reports/terminal/text.ts';
import { isGreen } from '../../../reports/verdict/verdict-schema.ts';
import { type Played, playOn } from '../../containers/playing.ts';
import { runsFolder } from '../../runs-folder.ts';
import type { ProofSession } from '../proof-session.ts';
import { DRIVEN, excuseFor, FILES, type Mutant, mutantSchema, scenariosFor } from './what-is-mutated.ts';

const SCRIPT = join(import.meta.dirname, 'mutate.py');
const IMAGE = 'acceptance/openstack:epoxy';

const madeSchema = z.object({ files: z.record(z.string(), z.string()), mutants: z.array(mutantSchema) });

/** What the acceptance made of a changed driver. */
interface Tried {
  readonly mutant: Mutant;
  /** The first check that was green without the change and is not with it, and why; undefined when all were green all the same. */
  readonly killedBy: string | undefined;
  /** Why no run can see it. */
  readonly excuse: string | undefined;
  readonly seconds: number;
}

interface DriverMutationRequest {
  /** How many changes; all when absent. */
  readonly sample?: number | undefined;
  /** Chooses them. */
  readonly seed: number;
}

/**
 * Changes the packaged StorPool drivers in one small place at a time, on containers that stay, and plays the scenarios which that concerns. True
 * when a check sees each change, but for those that no run can see.
 */
export async function proveDriverMutations(session: ProofSession, { sample, seed }: DriverMutationRequest): Promise<boolean> {
  await requireImages([IMAGE], 'epoxy');
  const made = await mutantsOf(IMAGE);
  const chosen = sample === undefined ? made.mutants : new RandomChoice(seed).shuffled(made.mutants).slice(0, sample);
  const trees = await write(made.files, join(session.dir, 'drivers'));
  const given = [`cinder=${trees}`, `os-brick=${trees}`];
  const folder = runsFolder();
  await using container = await provisionContainer({
    ...{ runId: newRunId(Date.now()), shared: [folder], reuse: true, signal: session.signal, say: session.say },
    drivers: await readDrivers(given, '/'),
  });
  session.say(`${chosen.length} of ${made.mutants.length} changes, seed ${seed}`);
  const play = async (scenarios: readonly string[]) => {
    session.signal.throwIfAborted();
    return await playOn(container.target, scenarios, session.dir);
  };
  const healthy = new Healthy(play);
  await choose(container.cluster, '');
  await healthy.greenIn(new Set(chosen.flatMap(scenariosFor)));
  session.say(`They were played without a change, after ${session.seconds()} s.`);
  const tried: Tried[] = [];
  for (const mutant of chosen) {
    const began = session.seconds();
    const killedBy = await attempt(mutant, { healthy, play, container });
    // What a stop cut short says nothing of the change.
    if (session.signal.aborted) {
      break;
    }
    const one = {
      mutant,
      killedBy,
      excuse: killedBy === undefined ? excuseFor(mutant) : undefined,
      seconds: session.seconds() - began,
    };
    tried.push(one);
    session.say(inWords(one));
    await writeFile(join(session.dir, 'driver-mutations.json'), JSON.stringify(tried, null, 1));
  }
  session.say(summary(tried, session.seconds()));
  return tried.length === chosen.length && tried.every(({ killedBy, excuse }) => killedBy !== undefined || excuse !== undefined);
}

/** What is green without a change, scenario by scenario; each is played once, when it is first asked for. */
class Healthy {
  readonly #play: Attempt['play'];
  readonly #played = new Set<string>();
  readonly #green = new Set<string>();

  constructor(play: Attempt['play']) {
    this.#play = play;
  }

  async greenIn(scenarios: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const fresh = scenarios.difference(this.#played);
    if (fresh.size > 0) {
      const { verdict } = await this.#play([...fresh]);
      for (const { id } of verdict.checks.filter(({ outcome }) => isGreen(outcome))) {
        this.#green.add(id);
      }
      for (const scenario of fresh) {
        this.#played.add(scenario);
      }
    }
    return this.#green;
  }
}

interface Attempt {
  readonly healthy: Healthy;
  readonly play: (scenarios: readonly string[]) => Promise<Played>;
  readonly container: Awaited<ReturnType<typeof provisionContainer>>;
}

/** What sees it: the scenarios that it concerns first; all that drivers carry out, when these do not and might. */
async function attempt(mutant: Mutant, { healthy, play, container }: Attempt): Promise<string | undefined> {
  const { cluster, target } = container;
  const first = scenariosFor(mutant);
  const rest = excuseFor(mutant) === undefined ? DRIVEN.filter((one) => !first.includes(one)) : [];
  for (const scenarios of [first, rest].filter(({ length }) => length > 0)) {
    const green = await healthy.greenIn(new Set(scenarios));
    await choose(cluster, mutant.id);
    const played = await play(scenarios).catch((error: unknown) => messageOf(error));
    await choose(cluster, '');
    if (typeof played === 'string') {
      return `the run could not begin: ${firstLine(played)}`;
    }
    if (played.verdict.leaks.length > 0) {
      const clients = await connect(target, { redactor: new Redactor(), environment: systemEnvironment() });
      await sweepRun({ runDir: played.dir, clients, limits: target.limits });
    }
    const red = played.verdict.checks.find(({ id, outcome }) => green.has(id) && !isGreen(outcome));
    if (red !== undefined) {
      const lines = (red.cause ?? red.outcome).split('\n', 2);
      return `${red.id}: ${lines.map((line) => line.trim()).join(': ')}`;
    }
  }
  return;
}

/** Which change every call takes from now on, on all hosts; none when empty. */
async function choose({ hosts }: RunningCluster, mutant: string): Promise<void> {
  const script = 'printf %s "$1" > /run/acceptance/mutant.new && mv /run/acceptance/mutant.new /run/acceptance/mutant';
  await Promise.all(hosts.map(({ container }) => docker('exec', container, 'sh', '-c', script, 'choose', mutant)));
}

async function mutantsOf(image: string): Promise<z.output<typeof madeSchema>> {
  const mount = `type=bind,source=${SCRIPT},destination=/mutate.py,readonly`;
  const argv = ['run', '--rm', '--network', 'none', '--mount', mount, '--entrypoint', 'python3', image, '-I', '/mutate.py'];
  const made = madeSchema.parse(JSON.parse(await docker(...argv, JSON.stringify(FILES))));
  if (made.mutants.length === 0) {
    throw new CannotRun('nothing of the packaged drivers can be changed', { image }, 'See whether it has StorPool’s drivers.');
  }
  return made;
}

async function write(files: Readonly<Record<string, string>>, folder: string): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

function inWords({ mutant: { id, file, function: of, line, what }, killedBy, excuse, seconds }: Tried): string {
  const outcome = killedBy === undefined ? `SURVIVES${excuse === undefined ? '' : `: ${excuse}`}` : `seen by ${killedBy}`;
  return `${id} ${file}:${line} ${of}: ${what}\n    ${outcome} (${seconds} s)`;
}

function summary(tried: readonly Tried[], seconds: number): string {
  const killed = tried.filter(({ killedBy }) => killedBy !== undefined).length;
  const excused = tried.filter(({ excuse }) => excuse !== undefined).length;
  return `${killed} of ${tried.length} changed drivers are seen, ${excused} cannot be, ${tried.length - killed - excused} survive; ${seconds} s`;
}
