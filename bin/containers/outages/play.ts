import { join } from 'node:path';
import { execa } from 'execa';
import { sweepRun } from '../../../fixtures/cleanup/sweep.ts';
import { docker } from '../../../fixtures/containers/cluster/docker.ts';
import { untilReady } from '../../../fixtures/containers/cluster/readiness.ts';
import { newRunId } from '../../../fixtures/run/run.ts';
import { type Clients, connect } from '../../../fixtures/targets/clients.ts';
import { provisionContainer } from '../../../fixtures/targets/container.ts';
import type { Target } from '../../../fixtures/targets/target.ts';
import { systemEnvironment } from '../../../helpers/config/config.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { Redactor } from '../../../helpers/redact.ts';
import { LIMITS, type Played, playOn } from '../playing.ts';
import { Gate } from './gate.ts';

const LISTENING_MS = 120_000;
const STORPOOL_DRIVER = 'cinder.volume.drivers.storpool.StorPoolDriver';
/** Cinder's own stand-in for a driver, which keeps nothing anywhere: it needs no device-mapper, as LVM does. Under the name of our back end. */
const ELSEWHERE = { module: 'acceptance_elsewhere', name: 'ElsewhereDriver', base: 'FakeLoggingVolumeDriver' };
const ELSEWHERE_SOURCE = `from cinder.tests.fake_driver import ${ELSEWHERE.base}

class ${ELSEWHERE.name}(${ELSEWHERE.base}):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.backend_name = 'storpool'
`;
/** StorPool's port in its container. */
const API = '81/tcp';

/** A cluster of containers for runs in which something goes away, and what is asked of it. */
export interface BrokenCluster extends AsyncDisposable {
  readonly gate: Gate;
  readonly clients: Clients;
  /** The container of the mock StorPool. */
  readonly storpool: string;
  /** Carries out scenarios as `npm run acceptance` does, with shorter deadlines. */
  play(...scenarios: string[]): Promise<Played>;
  /** What supervisor is told on a host. */
  supervisor(host: string, ...words: string[]): Promise<void>;
  /** Waits until somebody listens to a queue of RabbitMQ. */
  untilHeard(queue: string): Promise<void>;
  /** Takes StorPool away from Cinder's one back end, or gives it back, as one does by hand: in cinder.conf, and by a restart. */
  useStorpool(isUsed: boolean): Promise<void>;
  /** Waits until all services answer again, and removes what a run could not. Gives what could not be removed, in words. */
  recover(run: Played): Promise<string[]>;
}

export async function startCluster(runsDir: string): Promise<BrokenCluster> {
  await using stack = new AsyncDisposableStack();
  const runId = newRunId(Date.now());
  const provisioned = stack.use(await provisionContainer({ runId, shared: [runsDir], logsTo: join(runsDir, 'services') }));
  const { cluster } = provisioned;
  const gate = stack.use(await Gate.open(() => publishedPort(cluster.storpool.container)));
  const target: Target = {
    ...provisioned.target,
    storpool: { ...provisioned.target.storpool, port: gate.port },
    limits: LIMITS,
  };
  const connecting = { redactor: new Redactor(), environment: systemEnvironment() };
  const clients = await connect(target, connecting);
  const container = (name: string) => cluster.hosts.find((host) => host.name === name)?.container ?? '';
  const supervisor = async (host: string, ...words: string[]) =>
    void (await docker('exec', container(host), 'supervisorctl', ...words));
  const ready = () => untilReady(target, cluster, { advice: async () => 'Look at the services: docker ps' });
  const rest = stack.move();
  return {
    ...{ gate, clients, storpool: cluster.storpool.container },
    play: (...scenarios) => playOn(target, scenarios, runsDir),
    supervisor,
    untilHeard: (queue) => untilHeard(container('controller'), queue),
    useStorpool: async (isUsed) => {
      await setDriver(container('controller'), isUsed ? STORPOOL_DRIVER : `${ELSEWHERE.module}.${ELSEWHERE.name}`);
      await supervisor('controller', 'restart', 'openstack:cinder-volume', 'openstack:cinder-scheduler');
      await ready();
    },
    recover: async ({ dir }) => {
      await ready();
      const { left } = await sweepRun({ runDir: dir, clients: await connect(target, connecting), limits: target.limits });
      return left.map(({ what }) => what);
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

async function setDriver(controller: string, driver: string): Promise<void> {
  const module = `/usr/lib/python3/dist-packages/${ELSEWHERE.module}.py`;
  const script = `cat > ${module} && sed -i '/^\\[storpool\\]/,/^\\[/ s/^volume_driver = .*/volume_driver = ${driver}/' /etc/cinder/cinder.conf`;
  await execa('docker', ['exec', '-i', controller, 'sh', '-c', script], { input: ELSEWHERE_SOURCE });
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
