import { runbook } from '../../fixtures/scenario/runbook.ts';
import { glanceName } from '../../helpers/config/config.ts';
import { ATTACHMENT, createFromImage, IMAGE, putImage, showStatus, VOLUME } from '../vocabulary/steps.ts';

const section = 'Create a Cinder volume based on a Glance image';

export const imageRunbook = runbook({
  id: 'image',
  chapter: 3,
  title: 'A volume created from a Glance image holds the disk of that image and is bootable',
  makes: { image: IMAGE, volume: VOLUME, attachment: ATTACHMENT },
  steps: {
    image: putImage('Put the image into Glance'),
    pick: {
      title: 'Find the image by its name',
      look: (book) => book.imageList(),
      shows: (names, { image = '' }) => glanceName(image) ?? names.image,
    },
    create: createFromImage('Create a volume from the image', 'volume'),
    wait: showStatus('Wait until it is available and watch StorPool fill'),
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
