import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from '../fixtures/mock/faults/after.ts';
import { IN_STORPOOL } from '../fixtures/mock/faults/attachment-disagreement.ts';
import { type Act, detail } from '../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, retell, type StorpoolData } from '../fixtures/mock/faults/replies.ts';
import { type ReportedAttachment, reportedAttachments } from '../fixtures/mock/faults/reported.ts';
import type { OneCall } from './hardly-seen.ts';

type Fields = Readonly<Record<string, unknown>>;

/** After the image is copied a link stays on the host that copied it, until the volume is attached there again. */
const leavesLink =
  (link: (devices: string, volume: string, globalId: string) => string): Act =>
  async (next, context) => {
    const { seam, memory } = context;
    const done = await next();
    if (seam === 'agent.attach') {
      memory.set('link', link(detail(context, 'devices'), detail(context, 'volume'), detail(context, 'globalId')));
    } else {
      await symlink('/dev/null', String(memory.get('link')));
    }
    return done;
  };

/** What is told as done, the first time and so many times more, is told otherwise from then on. */
const toldBack =
  (done: string, status: string, times: number, of: (body: Fields) => Fields | undefined): Act =>
  async (next, { memory }) => {
    const reply = (await next()) as { readonly body: Fields };
    const told = of(reply.body);
    if (told?.['status'] !== done) {
      return reply;
    }
    const seen = Number(memory.get('done') ?? 0);
    memory.set('done', seen + 1);
    const back = { ...told, status };
    return seen < times ? reply : { ...reply, body: told === reply.body ? back : { server: back } };
  };

/** Nova tells two things of a server that cannot both be true. */
const contradicted = (status: string, told: Fields): Act =>
  retell((body: { server?: Fields }) => (body.server?.['status'] === status ? { server: { ...body.server, ...told } } : body));

const volumesTold = (told: Fields): Act =>
  retell((body: { volume?: Fields; volumes?: readonly Fields[] }) => ({
    ...body,
    ...(body.volume && { volume: { ...body.volume, ...told } }),
    ...(body.volumes && { volumes: body.volumes.map((volume) => ({ ...volume, ...told })) }),
  }));

/** StorPool tells other attachments between a stop and a hard reboot. */
const whileStopped =
  (change: (row: ReportedAttachment) => Fields[]): Act =>
  (next, context) => {
    const { seam, memory } = context;
    if (seam !== IN_STORPOOL) {
      memory.set('stopped', seam === 'nova.stopServer');
      return next();
    }
    return memory.get('stopped') === true ? reportedAttachments(change)(next, context) : next();
  };

/** StorPool tells a tag of a volume, by `Volume` and by `VolumeGetInfo`. */
const tagged = retell((body: StorpoolData<Fields | readonly Fields[]>) => {
  const told = (row: Fields) => ({ ...row, tags: { ...(row['tags'] as Fields), 'vc-policy': 'daily' } });
  return { ...body, ...(body.data && { data: Array.isArray(body.data) ? body.data.map(told) : told(body.data as Fields) }) };
});

/** What one layer alone can tell, and was not asked for, or was believed. */
export const UNNOTICED: readonly OneCall[] = [
  ...[
    { id: 'leaves-link-by-id', of: 'global id', link: (devices: string, _: string, id: string) => join(`${devices}-byid`, id) },
    { id: 'leaves-link-by-name', of: 'name', link: (devices: string, volume: string) => join(devices, volume) },
  ].map(({ id, of, link }) => ({
    ...{
      scenario: 'image',
      id,
      cause: `After the image is copied the controller keeps the link to the volume by its ${of} (F14)`,
    },
    seam: ['agent.attach', 'cinder.image.detach'],
    act: leavesLink(link),
  })),
  {
    ...{ scenario: 'upload', id: 'glance-falls-back', cause: 'Glance tells saving again of an image that it had told as active' },
    seam: 'glance.showImage',
    act: toldBack('active', 'saving', 4, (body) => body),
  },
  {
    ...{ scenario: 'boot', id: 'nova-falls-back', cause: 'Nova tells BUILD again of a server that it had told as ACTIVE' },
    seam: ['nova.rebootServer', 'nova.showServer'],
    act: after(
      { trigger: 'nova.rebootServer' },
      toldBack('ACTIVE', 'BUILD', 1, ({ server }) => server as Fields | undefined),
    ),
  },
  {
    ...{ scenario: 'boot', id: 'nova-tells-it-runs', cause: 'Nova tells SHUTOFF of a server whose domain goes on running (F63)' },
    seam: 'nova.showServer',
    act: contradicted('SHUTOFF', { 'OS-EXT-STS:power_state': 1 }),
  },
  {
    ...{ scenario: 'boot', id: 'nova-tells-it-is-down', cause: 'Nova tells ACTIVE of a server whose domain is shut down (F61)' },
    seam: 'nova.showServer',
    act: contradicted('ACTIVE', { 'OS-EXT-STS:power_state': 4 }),
  },
  {
    ...{ scenario: 'second-volume', id: 'nova-tells-it-stopped', cause: 'Nova tells ACTIVE and the state stopped of one server' },
    seam: 'nova.showServer',
    act: contradicted('ACTIVE', { 'OS-EXT-STS:vm_state': 'stopped' }),
  },
  {
    ...{
      scenario: 'clone',
      id: 'driver-gives-a-class',
      cause: 'The driver gives a copy a class of service that its source has not',
    },
    seam: 'cinder.driver.create_cloned_volume',
    act: changeRequest((request) => {
      request['tags'] = { qc: 'gold' };
    }),
  },
  ...[
    { 'os-vol-host-attr:host': 'controller@lvm#LVM' },
    { created_at: '2020-01-01T00:00:00.000000' },
    { migration_status: 'error' },
    { 'os-vol-mig-status-attr:name_id': '11111111-1111-4111-8111-111111111111' },
  ].map((told) => {
    const [[field, value] = []] = Object.entries(told);
    return {
      ...{ scenario: 'retype', id: `cinder-tells-${field?.split(':').at(-1)?.replaceAll('_', '-')}` },
      cause: `After a retype Cinder tells ${value} for ${field} (F54)`,
      seam: ['cinder.retypeVolume', 'cinder.showVolume', 'cinder.listVolumesDetail'],
      act: after({ trigger: 'cinder.retypeVolume' }, volumesTold(told)),
    };
  }),
  {
    ...{ scenario: 'boot', id: 'stopped-is-elsewhere' },
    cause: 'While its server is stopped StorPool has the root volume attached to another client (F63)',
    seam: ['nova.stopServer', 'nova.rebootServer', 'storpool.AttachmentsList'],
    act: whileStopped((row) => [{ ...row, client: 1 }]),
  },
  {
    ...{ scenario: 'boot', id: 'stopped-is-twice' },
    cause: 'While its server is stopped StorPool has the root volume attached to the fallback client 65, too (F38, F63)',
    seam: ['nova.stopServer', 'nova.rebootServer', 'storpool.AttachmentsList'],
    act: whileStopped((row) => [row, { ...row, client: 65 }]),
  },
  {
    ...{ scenario: 'two-servers', id: 'nova-tells-they-ended' },
    cause: 'Once a volume is attached the servers are shut off: QEMU crashed on the plug',
    seam: ['nova.attachVolume', 'nova.showServer'],
    act: after(
      { trigger: 'nova.attachVolume' },
      contradicted('ACTIVE', { status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped', 'OS-EXT-STS:power_state': 4 }),
    ),
  },
  {
    ...{ scenario: 'second-volume', id: 'attach-loses-tags', cause: 'An attach takes a tag from the volume that it had' },
    seam: ['nova.attachVolume', 'storpool.Volume', 'storpool.VolumeGetInfo'],
    act: (next, context) => {
      const { seam, memory } = context;
      if (seam === 'nova.attachVolume') {
        memory.set('attached', true);
      }
      return seam === 'nova.attachVolume' || memory.has('attached') ? next() : tagged(next, context);
    },
  },
];
