import type { StorpoolVolume } from '../../helpers/storpool/volumes.ts';

type Policed = Pick<StorpoolVolume, 'templateName' | 'replication' | 'placeAll' | 'placeTail' | 'placeHead'>;

/** How StorPool keeps a volume or a snapshot. What is made of it, and what is done to it but for a retype, leaves this as it is. */
export const policyOf = ({ templateName: template, replication, placeAll, placeTail, placeHead }: Policed) => ({
  template,
  replication,
  placeAll,
  placeTail,
  placeHead,
});
