import { z } from 'zod';
import { gib } from '../units.ts';

/** What Glance tells of an image. */
export const imageSchema = z
  .looseObject({
    id: z.string(),
    name: z.string().nullish(),
    status: z.string(),
    disk_format: z.string().nullish(),
    container_format: z.string().nullish(),
    /** Bytes of the file, which for qcow2 is not what a volume needs. */
    size: z.number().nullish(),
    virtual_size: z.number().nullish(),
    min_disk: z.number().transform(gib).default(gib(0)),
    checksum: z.string().nullish(),
    owner: z.string().nullish(),
    visibility: z.string().nullish(),
    created_at: z.string().nullish(),
  })
  .transform((i) => ({
    id: i.id,
    name: i.name ?? '',
    status: i.status,
    diskFormat: i.disk_format ?? undefined,
    containerFormat: i.container_format ?? undefined,
    /** Bytes of the image's file, which for qcow2 is not what a volume needs. */
    size: i.size ?? undefined,
    virtualSize: i.virtual_size ?? undefined,
    minDisk: i.min_disk,
    checksum: i.checksum ?? undefined,
    owner: i.owner ?? undefined,
    visibility: i.visibility ?? undefined,
    createdAt: i.created_at ?? undefined,
    /** The image's own properties, such as `os_distro` or `acceptance_run`. */
    properties: i as Readonly<Record<string, unknown>>,
  }));
export type Image = z.output<typeof imageSchema>;
