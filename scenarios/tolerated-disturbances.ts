import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionCut } from '../fixtures/mock/core/operation.ts';
import { type Act, callOf, type ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { detaches } from '../fixtures/mock/faults/reassign.ts';
import { refuse, storpoolError } from '../fixtures/mock/faults/replies.ts';
import { reportedStatus } from '../fixtures/mock/faults/reported.ts';

const A_WHILE_MS = 5000;

/** Does it, and the reply is lost on its way. */
const loseReply: Act = async (next) => {
  await next();
  throw new ConnectionCut();
};

const late =
  (ms: number): Act =>
  async (next, { signal }) => {
    await pause(ms, undefined, { signal });
    return next();
  };

const busy: Act = () => Promise.resolve({ status: 503, headers: { 'retry-after': '0' }, body: { message: 'busy' } });

const refused =
  (status: number, headers: Readonly<Record<string, string>> = {}): Act =>
  () =>
    Promise.resolve({ status, headers: { 'content-type': 'text/html', ...headers }, stream: Buffer.from('<h1>no server</h1>') });

/** The first reads of a new thing are answered by a node of the database that has not heard of it yet. */
const unseen: Act = (_next, context) => {
  const id = Object.values(callOf(context).params).at(-1) ?? '';
  return Promise.resolve({ status: 404, body: { itemNotFound: { code: 404, message: `${id} could not be found.` } } });
};

/** As before anything was written. */
const oldFigures = reportedStatus(() => ({ storedSize: 0, onDiskSize: 0 }));

/** The same for a while from the first look on: a copy takes less. */
const oldForAWhile: Act = (next, context) => {
  const since = Number(context.memory.get('since') ?? performance.now());
  context.memory.set('since', since);
  return performance.now() - since < A_WHILE_MS ? oldFigures(next, context) : next();
};

const transient: Act = () => {
  const error = { name: 'busy', descr: 'The management service is starting', transient: true };
  return Promise.resolve({ status: 503, body: { error } });
};

const isOpen = refuse(storpoolError('busy', "'volume' is open at client 1"));

const SERVERS = ['nova.createServer', 'nova.createServerFromVolume'];

const isGet: ProvenFault['when'] = (context) => callOf(context).request.method === 'GET';

/** What a healthy cluster may do, too: nothing may turn red, and nothing may be left. */
export const toleratedDisturbances: readonly ProvenFault[] = [
  tolerated('lost-reply-volume', 'the reply to a new volume is lost (F68)', 'cinder.createVolume', 'create', loseReply),
  tolerated('lost-reply-snapshot', 'the reply to a new snapshot is lost (F68)', 'cinder.createSnapshot', 'snapshot', loseReply),
  tolerated('lost-reply-image', 'the reply to a new image is lost (F68)', 'glance.createImage', 'image', loseReply),
  tolerated('lost-reply-server', 'the reply to a new server is lost (F68)', SERVERS, 'boot', loseReply),
  tolerated('transient-list', 'StorPool’s management moves to another node (F71)', 'storpool.VolumesList', 'create', transient),
  tolerated(
    'transient-attach',
    'StorPool’s management moves during an attach (F71)',
    'storpool.VolumesReassignWait',
    'fill',
    transient,
  ),
  tolerated(
    'transient-create',
    'StorPool’s management moves while Cinder creates (F71)',
    'storpool.VolumeCreate',
    'delete',
    transient,
  ),
  tolerated('management-restarts', 'StorPool’s management restarts (F71)', 'storpool.VolumesList', 'create', () =>
    Promise.reject(new ConnectionCut()),
  ),
  { ...tolerated('busy-api', 'a worker of Cinder’s API is restarted (F68)', 'cinder.showVolume', 'extend', busy), when: isGet },
  tolerated('refused-delete', 'a DELETE gets 503 (F68)', 'cinder.deleteVolume', 'delete', refused(503)),
  tolerated('lost-reply-delete', 'the reply to a DELETE is lost (F68)', 'cinder.deleteVolume', 'delete', loseReply),
  tolerated('lost-reply-unmade', 'the reply to a DELETE is lost (F68)', 'cinder.deleteSnapshot', 'snapshot', loseReply),
  tolerated('refused-read', 'a GET gets 503 without a time (F68)', 'cinder.showVolume', 'create', refused(503)),
  tolerated('proxy-read', 'a proxy answers 502 (F68)', 'nova.showServer', 'boot', refused(502)),
  tolerated('throttled', 'a POST gets 429', 'cinder.createVolume', 'create', refused(429, { 'retry-after': '1' })),
  tolerated('refused-extend', 'a POST gets 503', 'cinder.extendVolume', 'extend', refused(503)),
  tolerated('lost-reply-extend', 'the reply to a POST is lost', 'cinder.extendVolume', 'extend', loseReply),
  { ...tolerated('unseen-volume', 'a new volume is not seen', 'cinder.showVolume', 'create', unseen), times: 2 },
  { ...tolerated('unseen-snapshot', 'a new snapshot is not seen', 'cinder.showSnapshot', 'snapshot', unseen), times: 2 },
  { ...tolerated('unseen-server', 'a new server is not seen', 'nova.showServer', 'boot', unseen), times: 2 },
  { ...tolerated('old-figures', 'figures are behind', 'storpool.VolumesGetStatus', 'accounting', oldFigures), times: 2 },
  { ...tolerated('old-figures-fill', 'figures are behind', 'storpool.VolumesGetStatus', 'fill', oldForAWhile), times: 100 },
  {
    ...tolerated('open-for-a-moment', 'udev looks at a device that is detached', 'storpool.VolumesReassignWait', 'fill', isOpen),
    when: detaches,
    times: 2,
  },
  tolerated('slow-driver', 'the driver takes long (F69)', 'cinder.driver.create_volume', 'create', late(1500)),
  tolerated('slow-snapshot', 'a snapshot takes long (F69)', 'cinder.driver.create_snapshot', 'source-delete', late(1500)),
  tolerated('slow-image', 'Glance is slow (F34, F69)', 'cinder.image.download', 'image', late(1500)),
  tolerated('slow-device', 'a device takes long to come (F69)', 'agent.attach', 'from-snapshot', late(1000)),
  tolerated('slow-boot', 'Nova takes long to build (F69)', 'nova.boot', 'boot', late(1500)),
  tolerated('hypervisor-of-another-zone', 'volumes may not leave their zone', 'nova.boot', 'everywhere', () =>
    Promise.reject(
      new Error('Instance a and volume b are not in the same availability_zone. Server is in az2. Volume is in nova'),
    ),
  ),
  tolerated('full-hypervisor', 'one hypervisor is full', 'nova.scheduler', 'everywhere', () =>
    Promise.reject(new Error('No valid host was found. There are not enough hosts available.')),
  ),
  tolerated('slow-delete', 'a delete takes long (F69)', 'cinder.driver.delete_volume', 'delete', late(1500)),
];

/** Strikes once, in one scenario. */
function tolerated(id: string, cause: string, seam: ProvenFault['seam'], scenario: string, act: Act): ProvenFault {
  const kinds: Readonly<Record<string, ProvenFault['kind']>> = { slow: 'delay', lost: 'lie' };
  return { id, kind: kinds[id.split('-')[0] ?? ''] ?? 'refuse', cause, seam, times: 1, reddens: [], during: [scenario], act };
}
