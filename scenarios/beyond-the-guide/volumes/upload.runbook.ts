import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, createFromImage, IMAGE, idOf, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const uploadRunbook = runbook({
  id: 'upload',
  chapter: 8,
  title: 'A volume becomes an image, and the image becomes the same volume again',
  makes: {
    volume: VOLUME,
    write: ATTACHMENT,
    image: IMAGE,
    rebuilt: VOLUME,
    read: ATTACHMENT,
    reread: ATTACHMENT,
    rereadRebuilt: ATTACHMENT,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    upload: {
      title: 'Make a qcow2 image of it',
      command: (book, { volume, image }) => book.volumeToImage({ volume: idOf(volume), image }),
    },
    wait: { title: 'Wait until the image is active and the volume available', look: (book) => book.imageList() },
    build: createFromImage('Create a volume from the image', 'rebuilt'),
    read: { title: 'Read the new volume' },
    delete: { title: 'Delete the image', command: (book, { image }) => book.deleteImage({ image: idOf(image) }) },
    reread: { title: 'Read all of both volumes' },
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
      claim: 'The image can be deleted, and both volumes keep all their data',
      guide: { section, line: 'left open: an image made from a volume' },
      remedy: "Look into glance-api's log for the image id.",
    },
  },
});
