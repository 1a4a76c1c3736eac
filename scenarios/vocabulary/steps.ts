import { GUESTS_ARCHITECTURE } from '../../fixtures/images/canary.ts';
import type { PlannedObject, Step } from '../../fixtures/scenario/runbook.ts';

/** What scenarios make most. */
export const VOLUME = { kind: 'volume', gib: 1 } as const satisfies PlannedObject;
export const SNAPSHOT = { kind: 'snapshot' } as const satisfies PlannedObject;
export const IMAGE = { kind: 'image' } as const satisfies PlannedObject;
export const SERVER = { kind: 'server' } as const satisfies PlannedObject;
export const ATTACHMENT = { kind: 'attachment' } as const satisfies PlannedObject;

/** Stands for an id that there only is once the thing is made. */
export const idOf = (name: string) => `<id of ${name}>`;

/** StorPool's name of a volume of Cinder. */
export const onStorpool = (prefix: string, volume: string) => `${prefix}--volume-${idOf(volume)}`;

/** Creates a 1 GiB volume. Objects are given by their keys in `makes`. */
export function createVolume<Volume extends string>(title: string, volume: Volume): Step<Volume> {
  return {
    title,
    command: (book, names, { volumeType }) =>
      book.createVolume({ name: names[volume], gib: 1, ...(volumeType && { volumeType }) }),
  };
}

/** Creates a 1 GiB volume from the image. */
export function createFromImage<Volume extends string>(title: string, volume: Volume): Step<Volume | 'image'> {
  return {
    title,
    command: (book, names, { volumeType }) =>
      book.createVolume({ name: names[volume], gib: 1, imageId: idOf(names.image), ...(volumeType && { volumeType }) }),
  };
}

/** Creates a volume from the snapshot. */
export function createFromSnapshot<Volume extends string>(title: string, volume: Volume, gib = 1): Step<Volume | 'snapshot'> {
  return { title, command: (book, names) => book.createVolume({ name: names[volume], gib, snapshotId: idOf(names.snapshot) }) };
}

/** Waits for the volume, which is then in Cinder's list. */
export function untilAvailable(title = 'Wait until it is available'): Step<'volume'> {
  return { title, look: (book) => book.listVolumes(), shows: ({ volume }) => volume };
}

export function listVolumes(title: string): Step<never> {
  return { title, look: (book) => book.listVolumes() };
}

export function deleteVolume(title: string): Step<'volume'> {
  return { title, command: (book, { volume }) => book.deleteVolume({ volume: idOf(volume) }) };
}

export function deleteSnapshot(title: string): Step<'snapshot'> {
  return { title, command: (book, { snapshot }) => book.deleteSnapshot({ snapshot: idOf(snapshot) }) };
}

/** Takes a snapshot of a volume. */
export function takeSnapshot<Volume extends string>(volume: Volume): Step<Volume | 'snapshot'> {
  return {
    title: 'Take a snapshot',
    command: (book, names) => book.createSnapshot({ name: names.snapshot, volume: idOf(names[volume]) }),
  };
}

/** The suite's own, which says what its guest runs on, unless another file is named. */
const CANARY = { file: 'canary.qcow2', metadata: { hw_architecture: GUESTS_ARCHITECTURE } };

export function putImage(title: string, file?: string): Step<'image'> {
  const image = file === undefined ? CANARY : { file };
  return { title, command: (book, names) => book.uploadImage({ name: names.image, ...image }) };
}

/** Looks for the volume in StorPool's list. */
export function findOnStorpool<Volume extends string>(title: string, volume: Volume): Step<Volume> {
  return {
    title,
    look: (book) => book.storpoolVolumeList(),
    shows: (names, { prefix }) => onStorpool(prefix, names[volume]),
  };
}

/** Looks at the volume in StorPool's status display. */
export function showStatus(title: string): Step<'volume'> {
  return {
    title,
    look: (book, { volume }, { prefix }) => book.storpoolVolumeStatus(onStorpool(prefix, volume)),
    shows: ({ volume }, { prefix }) => onStorpool(prefix, volume),
  };
}

/** Attaches the volume to this host by hand. */
export function attachHere(title: string): Step<'volume'> {
  return { title, command: (book, { volume }, { prefix }) => book.attachHere(onStorpool(prefix, volume)) };
}

export function detachHere(title: string): Step<'volume'> {
  return { title, command: (book, { volume }, { prefix }) => book.detachHere(onStorpool(prefix, volume)) };
}

/** Boots a server from the snapshot; its root is a new volume. */
export function bootFromSnapshot<Server extends string>(title: string, server: Server): Step<Server | 'snapshot'> {
  return {
    title,
    command: (book, names, { flavor = '<flavor>', nic }) =>
      book.bootFromSnapshot({ name: names[server], snapshotId: idOf(names.snapshot), flavor, nic }),
  };
}

/** Boots the server from the root volume. */
export function bootFromVolume(title: string): Step<'server' | 'root'> {
  return {
    title,
    command: (book, { server, root }, { flavor = '<flavor>', nic }) =>
      book.bootFromVolume({ name: server, volume: idOf(root), flavor, nic }),
  };
}

/** Attaches the volume to a server. */
export function attachToServer<Server extends string>(title: string, server: Server): Step<Server | 'volume'> {
  return { title, command: (book, names) => book.attachToServer({ server: idOf(names[server]), volume: idOf(names.volume) }) };
}

export function detachFromServer<Server extends string>(title: string, server: Server): Step<Server | 'volume'> {
  return { title, command: (book, names) => book.detachFromServer({ server: idOf(names[server]), volume: idOf(names.volume) }) };
}
