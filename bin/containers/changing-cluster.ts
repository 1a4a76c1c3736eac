import { join } from 'node:path';
import { execa } from 'execa';
import { sweepRun } from '../../fixtures/cleanup/sweep.ts';
import { docker } from '../../fixtures/containers/cluster/docker.ts';
import { untilReady } from '../../fixtures/containers/cluster/readiness.ts';
import type { Restarted } from '../../fixtures/containers/drivers/exchange.ts';
import { newRunId } from '../../fixtures/run/run.ts';
import { type Clients, connect } from '../../fixtures/targets/clients.ts';
import { provisionContainer } from '../../fixtures/targets/container.ts';
import type { Limits, Promises, Target } from '../../fixtures/targets/target.ts';
import type { CloudAccess } from '../../helpers/config/access.ts';
import { systemEnvironment } from '../../helpers/config/config.ts';
import { eventually } from '../../helpers/eventually.ts';
import { Redactor } from '../../helpers/redact.ts';
import { Gate } from './outages/gate.ts';
import { LIMITS, type Played, playOn } from './playing.ts';

const LISTENING_MS = 120_000;
/** Cinder's own stand-in for a driver, which keeps nothing anywhere: it needs no device-mapper, as LVM does. Its name, and the file it is in. */
export const ELSEWHERE = {
  driver: 'acceptance_elsewhere.ElsewhereDriver',
  file: '/usr/lib/python3/dist-packages/acceptance_elsewhere.py',
  source: `from cinder.tests.fake_driver import FakeLoggingVolumeDriver

class ElsewhereDriver(FakeLoggingVolumeDriver):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.backend_name = self.configuration.safe_get('volume_backend_name')
`,
} as const;
/** StorPool's port in its container. */
const API = '81/tcp';

/** Lines for a host's files, by path: put behind what is there, where oslo.config takes them before what stands above. */
export type Settings = Readonly<Record<string, string>>;

export interface Other {
  readonly cloud?: Partial<CloudAccess>;
  readonly promises?: Partial<Promises>;
}

/** A cluster of containers in which something is changed or goes away while runs are played on it. */
export interface ChangingCluster extends AsyncDisposable {
  readonly gate: Gate;
  readonly clients: Clients;
  /** The container of the mock StorPool. */
  readonly storpool: string;
  /** Its first host, on which its APIs are. */
  readonly controller: string;
  /** Carries out scenarios as `npm run acceptance` does. */
  play(...scenarios: string[]): Promise<Played>;
  /** The same as somebody else than the administrator, or where something else is promised. */
  playAs(other: Other, ...scenarios: string[]): Promise<Played>;
  /** Changes the controller's files, starts these services again and waits for them; what comes back undoes it. */
  configure(settings: Settings, services: readonly string[]): Promise<() => Promise<void>>;
  /** What supervisor is told on a host. */
  supervisor(host: string, ...words: string[]): Promise<void>;
  /** Waits until somebody listens to a queue of RabbitMQ. */
  untilHeard(queue: string): Promise<void>;
  /** Waits until all services answer again, and removes what a run could not. Gives what could not be removed, in words. */
  recover(run: Played): Promise<string[]>;
}

interface Shape {
  /** One host for everything. */
  readonly small?: boolean;
  /** How long things may take: short where they are to fail. A guest that ignores its power button is stopped by Nova after a minute. */
  readonly limits?: Limits | 'its own';
}

export async function startCluster(runsDir: string, { small = false, limits = LIMITS }: Shape = {}): Promise<ChangingCluster> {
  await using stack = new AsyncDisposableStack();
  const runId = newRunId(Date.now());
  const provisioned = stack.use(await provisionContainer({ runId, small, shared: [runsDir], logsTo: join(runsDir, 'services') }));
  const { cluster } = provisioned;
  const gate = stack.use(await Gate.open(() => publishedPort(cluster.storpool.container)));
  const target: Target = {
    ...provisioned.target,
    storpool: { ...provisioned.target.storpool, port: gate.port },
    limits: limits === 'its own' ? provisioned.target.limits : limits,
  };
  const connecting = { redactor: new Redactor(), environment: systemEnvironment() };
  const clients = await connect(target, connecting);
  const container = (name: string) => cluster.hosts.find((host) => host.name === name)?.container ?? '';
  const supervisor = async (host: string, ...words: string[]) =>
    void (await docker('exec', container(host), 'supervisorctl', ...words));
  const ready = (restarted: readonly Restarted[] = []) =>
    untilReady(target, cluster, { restarted, advice: async () => 'Look at the services: docker ps' });
  const restart = async (services: readonly string[]) => {
    const at = Number(await docker('exec', container('controller'), 'date', '+%s'));
    await supervisor('controller', 'restart', ...services.map((service) => `openstack:${service}`));
    const reporting = services.filter((service) => !service.endsWith('-api'));
    await ready(reporting.map((service) => ({ host: 'controller', service, at })));
  };
  const rest = stack.move();
  return {
    ...{ gate, clients, storpool: cluster.storpool.container },
    controller: container('controller'),
    play: (...scenarios) => playOn(target, scenarios, runsDir),
    playAs: ({ cloud, promises }, ...scenarios) => {
      const other = { cloud: { ...target.cloud, ...cloud }, promises: { ...target.promises, ...promises } };
      return playOn({ ...target, ...other }, scenarios, runsDir);
    },
    configure: async (settings, services) => {
      const undo = await append(container('controller'), settings);
      await restart(services);
      return async () => {
        await undo();
        await restart(services);
      };
    },
    supervisor,
    untilHeard: (queue) => untilHeard(container('controller'), queue),
    recover: async ({ dir }) => {
      await ready();
      const { left } = await sweepRun({ runDir: dir, clients: await connect(target, connecting), limits: target.limits });
      return left.map(({ what }) => what);
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

/** Owner and mode of each file stay. */
async function append(host: string, settings: Settings): Promise<() => Promise<void>> {
  const write = (file: string, input: string) => execa('docker', ['exec', '-i', host, 'sh', '-c', `cat > ${file}`], { input });
  const before = new Map<string, string>();
  for (const [file, lines] of Object.entries(settings)) {
    const text = await docker('exec', host, 'sh', '-c', `test ! -e ${file} || cat ${file}`);
    before.set(file, text);
    await write(file, `${text}\n${lines}`);
  }
  return async () => {
    for (const [file, text] of before) {
      await write(file, text);
    }
  };
}

async function untilHeard(controller: string, queue: string): Promise<void> {
  const list = ['rabbitmqctl', '--quiet', 'list_queues', '--no-table-headers', 'name', 'consumers'];
  await eventually({
    what: `a listener to RabbitMQ's queue ${queue}`,
    // Refused while it starts.
    read: () => docker('exec', controller, ...list).catch(() => ''),
    describe: (text) => text.split('\n').find((line) => line.startsWith(`${queue}\t`)) ?? 'no such queue',
    until: (text) => text.split('\n').some((line) => line.startsWith(`${queue}\t`) && !line.endsWith('\t0')),
    withinMs: LISTENING_MS,
    everyMs: 500,
    advice: 'Look into /var/log/acceptance/rabbitmq.log and cinder-volume.log on the controller.',
  });
}

async function publishedPort(container: string): Promise<number> {
  return Number((await docker('port', container, API)).split(':').at(-1));
}
