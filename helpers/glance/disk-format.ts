/** The `disk_format`s of images that this suite uploads or finds; the first line are words for a disk byte for byte. */
export type DiskFormat = ('raw' | 'iso' | 'ami' | 'ari' | 'aki') | ('qcow2' | 'vmdk' | 'vhd' | 'vhdx' | 'vdi');
