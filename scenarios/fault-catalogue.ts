import type { ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { creatingFaults } from './2-cinder-backend/create.faults.ts';
import { changingFaults } from './2-cinder-backend/delete.faults.ts';
import { volumeFaults } from './2-cinder-backend/extend.faults.ts';
import { copyingFaults } from './3-volume-from-image/image.bytes.faults.ts';
import { imageFaults } from './3-volume-from-image/image.faults.ts';
import { attachingFaults } from './4-fill-a-volume/fill.attach.faults.ts';
import { fillingFaults } from './4-fill-a-volume/fill.faults.ts';
import { freezingFaults } from './5-snapshots/from-snapshot.faults.ts';
import { snapshotFaults } from './5-snapshots/snapshot.faults.ts';
import { runningFaults } from './7-boot-from-snapshot/boot.active.faults.ts';
import { elsewhereFaults } from './7-boot-from-snapshot/boot.attachment.faults.ts';
import { bootingFaults } from './7-boot-from-snapshot/boot.faults.ts';
import { agreeingFaults } from './beyond-the-guide/servers/second-volume.faults.ts';
import { beyondServerFaults } from './beyond-the-guide/servers/two-servers.faults.ts';
import { beyondVolumeFaults } from './beyond-the-guide/volumes/clone.faults.ts';
import { remainingFaults } from './beyond-the-guide/volumes/upload.faults.ts';
import { toleratedFaults } from './tolerated-disturbances.ts';

/** Every fault, in the order of the guide's chapters, and beyond; at the end what is none and must be tolerated. */
export const catalogue: readonly ProvenFault[] = [
  ...volumeFaults,
  ...creatingFaults,
  ...changingFaults,
  ...imageFaults,
  ...copyingFaults,
  ...fillingFaults,
  ...attachingFaults,
  ...snapshotFaults,
  ...freezingFaults,
  ...bootingFaults,
  ...runningFaults,
  ...beyondVolumeFaults,
  ...beyondServerFaults,
  ...agreeingFaults,
  ...remainingFaults,
  ...elsewhereFaults,
  ...toleratedFaults,
];
