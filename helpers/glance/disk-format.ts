/** The `disk_format`s of images that this suite uploads or finds; the first line are words for a disk byte for byte. */
export type DiskFormat = ('raw' | 'iso' | 'ami' | 'ari' | 'aki') | ('qcow2' | 'vmdk' | 'vhd' | 'vhdx' | 'vdi');

/** source: openstack/glance glance/common/config.py, disk_formats */
export const USUAL_FORMATS: readonly string[] = [
  'ami',
  'ari',
  'aki',
  'vhd',
  'vhdx',
  'vmdk',
  'raw',
  'qcow2',
  'vdi',
  'iso',
  'ploop',
];
