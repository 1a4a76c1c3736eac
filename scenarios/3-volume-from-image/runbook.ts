import { runbook } from '../../fixtures/runbook.ts';
import { glanceName } from '../../helpers/config.ts';

const section = 'Create a Cinder volume based on a Glance image';

export const fromImage = runbook({
  id: 'image',
  chapter: 3,
  title: 'A volume created from a Glance image holds the disk of that image and is bootable',
  makes: { image: { kind: 'image' }, volume: { kind: 'volume', gib: 1 }, attachment: { kind: 'attachment' } },
  steps: {
    image: {
      title: 'Put the image into Glance',
      command: (book, { image }) => book.uploadImage({ name: image, file: 'canary.qcow2' }),
    },
    pick: {
      title: 'Find the image by its name',
      look: (book) => book.imageList(),
      shows: (names, { image = '' }) => glanceName(image) ?? names.image,
    },
    create: {
      title: 'Create a volume from the image',
      command: (book, { volume, image }, { volumeType }) =>
        book.createVolume({ name: volume, gib: 1, imageId: `<id of ${image}>`, ...(volumeType && { volumeType }) }),
    },
    wait: {
      title: 'Wait until it is available and watch StorPool fill',
      look: (book, { volume }, { prefix }) => book.storpoolVolumeStatus(`${prefix}--volume-<id of ${volume}>`),
      shows: ({ volume }, { prefix }) => `${prefix}--volume-<id of ${volume}>`,
    },
    look: {
      title: 'Look at what is attached',
      look: (book, { volume }) => book.showVolume({ volume }),
      shows: ({ volume }) => volume,
    },
    read: { title: 'Attach it here and read the disk' },
    detach: { title: 'Detach it' },
  },
  checks: {
    'image.path': {
      claim: 'The volume goes creating → downloading → available, and nowhere else',
      guide: { section, line: 'Wait for the volume to get out of the "downloading" state' },
      remedy: 'Read why in cinder-volume.log: conversion space, Glance, or the attachment on the controller.',
    },
    'image.progress': {
      claim: "StorPool's stored bytes grow while the image is copied, up to the image's data",
      guide: { section, line: 'monitor the progress in the StorPool volume status display' },
      remedy: 'Nothing was written to this StorPool volume: check to which device cinder-volume copied.',
    },
    'image.bytes': {
      claim: "The volume holds the image's virtual disk, byte for byte, and not the image file",
      guide: { section, line: 'cinder create --image-id …' },
      remedy:
        'A volume that begins with QFI holds the unconverted file: check disk_format of the image and qemu-img on the controller.',
    },
    'image.size': {
      claim: 'Cinder, StorPool and the device tell the requested size; it has the promised template and copies',
      guide: { section, line: 'cinder create --image-id … 3' },
      remedy: 'Compare `cinder show` with `storpool volume NAME info`.',
    },
    'image.bootable': {
      claim: 'The volume is bootable and carries the metadata of the image',
      guide: { section, line: 'now useable by Nova' },
      remedy: 'Without the flag Nova refuses to boot from it: look for errors after the copy in cinder-volume.log.',
    },
    'image.detached': {
      claim: 'No attachment stays behind after the copy',
      guide: { section, line: 'the StorPool Cinder driver would have taken care of attaching and detaching' },
      remedy: 'Detach it by hand only when nothing uses it; look in cinder-volume.log for a failed disconnect.',
    },
  },
});

export const tooLarge = runbook({
  id: 'image-too-large',
  chapter: 3,
  title: 'An image that is larger than the volume is refused and leaves nothing',
  makes: { image: { kind: 'image' }, volume: { kind: 'volume', gib: 1 } },
  steps: {
    image: {
      title: 'Put an empty 2 GiB image into Glance',
      command: (book, { image }) => book.uploadImage({ name: image, file: 'empty.qcow2' }),
    },
    create: {
      title: 'Ask for a 1 GiB volume from it',
      command: (book, { volume, image }, { volumeType }) =>
        book.createVolume({ name: volume, gib: 1, imageId: `<id of ${image}>`, ...(volumeType && { volumeType }) }),
    },
    remove: { title: 'Remove the volume, if Cinder made one', command: (book, { volume }) => book.deleteVolume({ volume }) },
    look: { title: 'Look for what is left', look: (book) => book.storpoolVolumeList() },
  },
  checks: {
    'image.too-large-refused': {
      claim: 'An image larger than the volume is refused with a clear reason, and nothing is left behind',
      guide: { section, line: 'cinder create --image-id … 3' },
      remedy: 'A volume that becomes available here is cut off at its end: check the Cinder release and its image size checks.',
    },
  },
});
