import type { ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { createAvailableFaults } from './2-cinder-backend/create.available.faults.ts';
import { createFaults } from './2-cinder-backend/create.faults.ts';
import { deleteFaults } from './2-cinder-backend/delete.faults.ts';
import { extendFaults } from './2-cinder-backend/extend.faults.ts';
import { imageBytesFaults } from './3-volume-from-image/image.bytes.faults.ts';
import { imageFaults } from './3-volume-from-image/image.faults.ts';
import { imagePathFaults } from './3-volume-from-image/image.path.faults.ts';
import { imageTooLargeFaults } from './3-volume-from-image/image-too-large.faults.ts';
import { fillAttachFaults } from './4-fill-a-volume/fill.attach.faults.ts';
import { fillFaults } from './4-fill-a-volume/fill.faults.ts';
import { accountingFaults } from './5-snapshots/accounting.faults.ts';
import { fromSnapshotFaults } from './5-snapshots/from-snapshot.faults.ts';
import { snapshotFaults } from './5-snapshots/snapshot.faults.ts';
import { sourceDeleteFaults } from './5-snapshots/source-delete.faults.ts';
import { bootActiveFaults } from './7-boot-from-snapshot/boot.active.faults.ts';
import { bootAttachmentFaults } from './7-boot-from-snapshot/boot.attachment.faults.ts';
import { bootFaults } from './7-boot-from-snapshot/boot.faults.ts';
import { bootGuestWritesFaults } from './7-boot-from-snapshot/boot.guest-writes.faults.ts';
import { horizonFaults } from './7-boot-from-snapshot/horizon.faults.ts';
import { crashConsistencyFaults } from './beyond-the-guide/consistency/crash-consistency.faults.ts';
import { discardFaults } from './beyond-the-guide/offered/discard.faults.ts';
import { multiattachFaults } from './beyond-the-guide/offered/multiattach.faults.ts';
import { everywhereFaults } from './beyond-the-guide/servers/everywhere.faults.ts';
import { migrationFaults } from './beyond-the-guide/servers/migration.faults.ts';
import { secondVolumeFaults } from './beyond-the-guide/servers/second-volume.faults.ts';
import { twoServersFaults } from './beyond-the-guide/servers/two-servers.faults.ts';
import { cloneFaults } from './beyond-the-guide/volumes/clone.faults.ts';
import { performanceFaults } from './beyond-the-guide/volumes/performance.faults.ts';
import { retypeFaults } from './beyond-the-guide/volumes/retype.faults.ts';
import { revertFaults } from './beyond-the-guide/volumes/revert.faults.ts';
import { uploadFaults } from './beyond-the-guide/volumes/upload.faults.ts';
import { runFaults } from './run.faults.ts';
import { toldWrongly } from './told-wrongly.ts';
import { toleratedDisturbances } from './tolerated-disturbances.ts';

/** Every fault, in the order of the guide's chapters, and beyond; at the end what is none and must be tolerated. */
export const faultCatalogue: readonly ProvenFault[] = [
  ...createAvailableFaults,
  ...createFaults,
  ...extendFaults,
  ...deleteFaults,
  ...imagePathFaults,
  ...imageFaults,
  ...imageBytesFaults,
  ...imageTooLargeFaults,
  ...fillAttachFaults,
  ...fillFaults,
  ...snapshotFaults,
  ...fromSnapshotFaults,
  ...accountingFaults,
  ...sourceDeleteFaults,
  ...bootActiveFaults,
  ...bootGuestWritesFaults,
  ...bootFaults,
  ...bootAttachmentFaults,
  ...horizonFaults,
  ...cloneFaults,
  ...revertFaults,
  ...uploadFaults,
  ...retypeFaults,
  ...discardFaults,
  ...crashConsistencyFaults,
  ...secondVolumeFaults,
  ...twoServersFaults,
  ...multiattachFaults,
  ...everywhereFaults,
  ...performanceFaults,
  ...migrationFaults,
  ...runFaults,
  ...toldWrongly,
  ...toleratedDisturbances,
];
