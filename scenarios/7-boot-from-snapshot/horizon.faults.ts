import { onlyOnce } from '../../fixtures/mock/faults/after.ts';
import { callOf, detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, cinderRefusal, pretend, refuse, retell } from '../../fixtures/mock/faults/replies.ts';
import { missingFromList, reportedInfo } from '../../fixtures/mock/faults/reported.ts';

const SERVERS = ['nova.createServer', 'nova.createServerFromVolume'];
const ELSEWHERE = '00000000000000000000000000000009';
const NOT_THERE = '00000000-0000-4000-8000-000000000009';

interface SignIn {
  readonly auth: { readonly identity: { readonly methods: readonly string[] }; readonly scope?: unknown };
}

interface Signed {
  /** Absent from a refusal. */
  readonly token?: { readonly project?: object };
}

/** Horizon's lists are pages, and the suite's go by names. */
const ofPages = ({ query }: { readonly query: URLSearchParams }) => query.has('limit') && !query.has('name');

/** What may be wrong with Horizon, and with what it asks for. */
export const horizonFaults: readonly ProvenFault[] = [
  {
    id: 'horizon-without-keystone',
    kind: 'refuse',
    cause: "Horizon's OPENSTACK_KEYSTONE_URL leads nowhere",
    seam: 'horizon.start',
    reddens: ['horizon.sign-in'],
    act: (next, context) => {
      detailObject(context, 'settings')['OPENSTACK_KEYSTONE_URL'] = 'http://127.0.0.1:9/v3';
      return next();
    },
  },
  {
    id: 'horizon-other-project',
    kind: 'lie',
    cause: "Whatever project is asked for, Horizon's token is for another one",
    seam: 'keystone.createToken',
    reddens: ['horizon.sign-in'],
    act: retell((body: Signed, context) => {
      const { auth } = callOf(context).body as SignIn;
      const isOfHorizon = auth.identity.methods.includes('token') && body.token?.project !== undefined;
      return isOfHorizon ? { token: { ...body.token, project: { ...body.token?.project, id: ELSEWHERE } } } : body;
    }),
  },
  {
    id: 'horizon-volume-not-created',
    kind: 'lie',
    cause: 'Cinder accepts the volume, and there is none',
    seam: 'cinder.createVolume',
    reddens: ['horizon.volume'],
    act: pretend({ status: 202, body: { volume: { id: NOT_THERE, name: 'made', status: 'creating', size: 1 } } }),
  },
  {
    id: 'horizon-volume-larger',
    kind: 'lie',
    cause: 'The volume is larger than what was typed',
    seam: 'cinder.createVolume',
    reddens: ['horizon.volume'],
    act: onlyOnce((next, context) => {
      const { volume } = callOf(context).body as { volume: { size: number } };
      volume.size += 1;
      return next();
    }),
  },
  {
    id: 'horizon-volume-not-listed',
    kind: 'lose',
    cause: 'Horizon does not list the new volume',
    seam: 'cinder.listVolumesDetail',
    reddens: ['horizon.volume'],
    act: (next, context) => (ofPages(callOf(context)) ? missingFromList('volumes')(next, context) : next()),
  },
  {
    id: 'horizon-error-swallowed',
    kind: 'lie',
    cause: 'The extend fails, and Horizon shows a success in place of the error',
    seam: 'cinder.extendVolume',
    reddens: ['horizon.extend'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'horizon-error-shown',
    kind: 'refuse',
    cause: 'Cinder refuses the extend, and Horizon shows its error',
    seam: 'cinder.extendVolume',
    reddens: ['horizon.extend'],
    act: refuse(cinderRefusal(413, 'overLimit', 'VolumeSizeExceedsAvailableQuota: no quota is left')),
  },
  {
    id: 'horizon-session-expired',
    kind: 'refuse',
    cause: "Horizon's session ends in the middle: Keystone does not take its token any more",
    seam: 'cinder.createSnapshot',
    reddens: ['horizon.snapshot'],
    act: refuse({ status: 401, body: { error: { code: 401, title: 'Unauthorized', message: 'The token has expired.' } } }),
  },
  {
    id: 'horizon-snapshot-not-listed',
    kind: 'lose',
    cause: 'Horizon does not list the new snapshot',
    seam: 'cinder.listSnapshotsDetail',
    reddens: ['horizon.snapshot'],
    act: (next, context) => (ofPages(callOf(context)) ? missingFromList('snapshots')(next, context) : next()),
  },
  {
    id: 'horizon-copy-without-parent',
    kind: 'lie',
    cause: 'The volume of the snapshot is a full copy without a parent (F51)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['horizon.from-snapshot'],
    act: reportedInfo(() => ({ parentName: '' })),
  },
  {
    id: 'horizon-no-volume-snapshot',
    kind: 'refuse',
    cause: 'The wizard offers no volume snapshots (LAUNCH_INSTANCE_DEFAULTS)',
    seam: 'horizon.start',
    waits: true,
    reddens: ['horizon.launch'],
    act: (next, context) => {
      detailObject(context, 'settings')['LAUNCH_INSTANCE_DEFAULTS'] = { disable_volume_snapshot: true };
      return next();
    },
  },
  {
    id: 'horizon-wrong-flavor',
    kind: 'lie',
    cause: 'The server gets another flavor than the one that was chosen in the wizard',
    seam: SERVERS,
    reddens: ['horizon.launch'],
    act: (next, context) => {
      const { server } = callOf(context).body as { server: { flavorRef: string } };
      server.flavorRef = '1';
      return next();
    },
  },
  {
    id: 'horizon-server-not-listed',
    kind: 'lose',
    cause: 'Horizon does not list the new server',
    seam: 'nova.listServersDetail',
    reddens: ['horizon.launch'],
    act: (next, context) => (ofPages(callOf(context)) ? missingFromList('servers')(next, context) : next()),
  },
  {
    id: 'horizon-root-empty',
    kind: 'lie',
    cause: 'The root volume of the server is new and empty, not made from the snapshot (F62)',
    seam: 'nova.createVolume',
    reddens: ['horizon.root-volume'],
    act: changeRequest((request) => {
      for (const key of ['snapshot_id', 'snapshotId']) {
        delete request[key];
      }
    }),
  },
  {
    id: 'horizon-log-of-another',
    kind: 'lie',
    cause: 'The log in Horizon is that of another server (F62)',
    seam: 'nova.getConsoleOutput',
    waits: true,
    reddens: ['horizon.console'],
    act: pretend({ status: 200, body: { output: 'storpool acceptance 00000000 0123456789abcdef\r\nlogin: ' } }),
  },
  {
    id: 'horizon-delete-leaves-attachment',
    kind: 'leak',
    cause: 'Deleting the server in Horizon leaves its root volume attached on the hypervisor (F59)',
    seam: 'nova.disconnect',
    reddens: ['horizon.delete'],
    act: pretend(undefined),
  },
  {
    id: 'horizon-delete-leaves-port',
    kind: 'leak',
    cause: 'Deleting the server in Horizon leaves its port in Neutron',
    seam: 'neutron.deletePort',
    reddens: ['horizon.delete'],
    act: pretend({ status: 204 }),
  },
  {
    id: 'horizon-deleted-still-listed',
    kind: 'lie',
    cause: 'Horizon still lists the server that was deleted',
    seam: 'nova.listServersDetail',
    reddens: ['horizon.delete'],
    act: async (next, context) => {
      const { memory } = context;
      if (!ofPages(callOf(context))) {
        return next();
      }
      const reply = (await next()) as { readonly body: { readonly servers: readonly object[] } };
      const { servers } = reply.body;
      if (servers.length > 0) {
        memory.set('listed', servers);
      }
      return { ...reply, body: { ...reply.body, servers: (memory.get('listed') as readonly object[] | undefined) ?? servers } };
    },
  },
];
