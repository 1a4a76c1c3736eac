import { runbook } from '../../../fixtures/runbook.ts';

const section = 'Beyond the guide';
const source = { kind: 'volume', gib: 1 } as const;
const attachment = { kind: 'attachment' } as const;

export const clone = runbook({
  id: 'clone',
  chapter: 8,
  title: 'A volume cloned from another holds its bytes, shares its data and lives apart from it',
  makes: {
    volume: source,
    write: attachment,
    clone: source,
    read: attachment,
    rewrite: attachment,
    rewriteClone: attachment,
    reread: attachment,
    rereadClone: attachment,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it (generation 1)' },
    clone: {
      title: 'Create a volume from it',
      command: (book, { clone, volume }) => book.cloneVolume({ name: clone, gib: 1, source: `<id of ${volume}>` }),
    },
    look: { title: 'Look at both on StorPool', command: (book) => book.storpoolVolumeStatus() },
    read: { title: 'Read the clone' },
    rewrite: { title: 'Write over different parts of both (generation 2)' },
    compare: { title: 'Read both' },
  },
  checks: {
    'clone.shared': {
      claim:
        'On StorPool the clone shares its data with the source: a common parent, its template and copies, and nothing stored of its own',
      guide: { section, line: 'left open: a volume made from a volume' },
      remedy: 'A full copy costs time and space: check in cinder-volume.log whether the driver was asked to clone at all.',
    },
    'clone.bytes': {
      claim: 'The clone holds the bytes of the source',
      guide: { section, line: 'left open: a volume made from a volume' },
      remedy: 'Report the offsets to StorPool, with the parentName of both volumes.',
    },
    'clone.apart': {
      claim: 'What is written to the one afterwards does not show on the other',
      guide: { section, line: 'left open: a volume made from a volume' },
      remedy: 'Do not use clones until this is mended; report the generations and offsets to StorPool.',
    },
  },
});

export const revert = runbook({
  id: 'revert',
  chapter: 8,
  title: 'A volume goes back to its snapshot and stays the same volume',
  makes: { volume: source, write: attachment, snapshot: { kind: 'snapshot' }, rewrite: attachment, read: attachment },
  steps: {
    prepare: { title: 'Create a volume and stamp it (generation 1)' },
    snapshot: {
      title: 'Take a snapshot',
      command: (book, { snapshot, volume }) => book.createSnapshot({ name: snapshot, volume }),
    },
    rewrite: { title: 'Write over all of it (generation 2)' },
    revert: { title: 'Revert the volume to the snapshot', command: (book, { snapshot }) => book.revertVolume({ snapshot }) },
    wait: { title: 'Wait until it is available', look: (book) => book.listVolumes() },
    read: { title: 'Read the volume' },
  },
  checks: {
    'revert.available': {
      claim: 'The volume becomes available again, with its size, under its name on StorPool',
      guide: { section, line: 'left open: going back to a snapshot (Cinder API 3.40)' },
      remedy: 'Read why in cinder-volume.log, searching for the volume id and revert_to_snapshot.',
    },
    'revert.bytes': {
      claim: 'The bytes of the snapshot are back, everywhere',
      guide: { section, line: 'left open: going back to a snapshot (Cinder API 3.40)' },
      remedy: 'Do not use revert until this is mended; report the generations and offsets to StorPool.',
    },
  },
});

export const upload = runbook({
  id: 'upload',
  chapter: 8,
  title: 'A volume becomes an image, and the image becomes the same volume again',
  makes: { volume: source, write: attachment, image: { kind: 'image' }, rebuilt: source, read: attachment },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    upload: {
      title: 'Make a qcow2 image of it',
      command: (book, { volume, image }) => book.volumeToImage({ volume, image }),
    },
    wait: { title: 'Wait until the image is active and the volume available', look: (book) => book.imageList() },
    build: {
      title: 'Create a volume from the image',
      command: (book, { rebuilt, image }, { volumeType }) =>
        book.createVolume({ name: rebuilt, gib: 1, imageId: `<id of ${image}>`, ...(volumeType && { volumeType }) }),
    },
    read: { title: 'Read the new volume' },
    delete: { title: 'Delete the image', command: (book, { image }) => book.deleteImage({ image: `<id of ${image}>` }) },
  },
  checks: {
    'upload.image': {
      claim: 'The image becomes active, the volume available again and attached nowhere',
      guide: { section, line: 'left open: an image made from a volume' },
      remedy: 'Read why in cinder-volume.log: conversion space, Glance, or the attachment on the controller.',
    },
    'upload.bytes': {
      claim: 'A volume built from the image holds the bytes of the first one',
      guide: { section, line: 'left open: an image made from a volume' },
      remedy: 'Compare checksum and size of the image with the volume: qemu-img compare.',
    },
    'upload.removed': {
      claim: 'The image can be deleted while the volume built from it stays',
      guide: { section, line: 'left open: an image made from a volume' },
      remedy: "Look into glance-api's log for the image id.",
    },
  },
});

export const retype = runbook({
  id: 'retype',
  chapter: 8,
  title: 'A volume changes to a type of another StorPool template without being copied',
  makes: { volume: source, write: attachment, read: attachment },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    types: { title: 'Find a volume type that asks for another template' },
    retype: {
      title: 'Change the type of the volume',
      command: (book, { volume }) => book.retypeVolume({ volume, type: '<type>' }),
    },
    wait: { title: 'Wait until it is available', look: (book) => book.listVolumes() },
    look: { title: 'Look at it on StorPool', command: (book) => book.storpoolVolumeList() },
    log: { title: "Search the driver's log on the controller" },
    read: { title: 'Read the volume' },
  },
  checks: {
    'retype.type': {
      claim: 'The volume becomes available again and has the new type',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy: 'Read why in cinder-volume.log and cinder-scheduler.log, searching for the volume id and retype.',
    },
    'retype.template': {
      claim: 'On StorPool it has the template of the new type, with its copies and placement',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy: 'The type promises what StorPool does not keep: storpool volume NAME template NAME',
    },
    'retype.identity': {
      claim: 'It is still the same StorPool volume: its global id has not changed',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy:
        'Cinder copied the whole volume because the driver failed: grep TypeError cinder-volume.log; the driver since 2025.1 passes its arguments wrongly.',
    },
    'retype.bytes': {
      claim: 'It holds its bytes',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy: 'Do not retype volumes until this is mended; report the offsets.',
    },
  },
});
