import { z } from 'zod';

/** A document just as an API tells it: all its fields, also those that this suite has never met. */
export const told = z.record(z.string(), z.unknown());
export type Told = Readonly<z.output<typeof told>>;
