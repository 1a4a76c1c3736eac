import type { CommandBook } from './command-book.ts';
import {
  batchStorpoolCommands,
  cinderCommands,
  fileCommands,
  glanceCommands,
  guideStorpoolCommands,
  novaCommands,
  openstackImageCommands,
  openstackServerCommands,
  openstackVolumeCommands,
} from './command-lines.ts';
import { cinderBeyond, novaBeyond, openstackServersBeyond, openstackVolumesBeyond } from './command-lines-beyond.ts';

export type { CommandBook } from './command-book.ts';

/** Whose commands are typed for each service. */
export interface Spelling {
  readonly volumes: 'cinder' | 'openstack';
  readonly images: 'glance' | 'openstack';
  readonly servers: 'nova' | 'openstack';
  /** As the guide types it, or for scripts. */
  readonly storpool: 'guide' | 'batch';
}

/** The guide's own: cinder, glance and nova, of 2015. */
export const LEGACY = { volumes: 'cinder', images: 'glance', servers: 'nova', storpool: 'guide' } as const satisfies Spelling;
/** The unified client's. */
export const UNIFIED = {
  volumes: 'openstack',
  images: 'openstack',
  servers: 'openstack',
  storpool: 'batch',
} as const satisfies Spelling;

export function commandBook({ volumes, images, servers, storpool }: Spelling): CommandBook {
  return {
    ...{ cinder: cinderCommands, openstack: openstackVolumeCommands }[volumes],
    ...{ glance: glanceCommands, openstack: openstackImageCommands }[images],
    ...{ nova: novaCommands, openstack: openstackServerCommands }[servers],
    ...{ guide: guideStorpoolCommands, batch: batchStorpoolCommands }[storpool],
    ...fileCommands,
    ...{ cinder: cinderBeyond, openstack: openstackVolumesBeyond }[volumes],
    ...{ nova: novaBeyond, openstack: openstackServersBeyond }[servers],
  };
}

/** The same book, whose commands put this metadata on everything that they make. */
export function markedWith(metadata: Readonly<Record<string, string>>, book: CommandBook): CommandBook {
  const marked = <New extends { readonly metadata?: Readonly<Record<string, string>> }>(wanted: New): New => ({
    ...wanted,
    metadata: { ...wanted.metadata, ...metadata },
  });
  return {
    ...book,
    createVolume: (volume) => book.createVolume(marked(volume)),
    createSnapshot: (snapshot) => book.createSnapshot(marked(snapshot)),
    uploadImage: (image) => book.uploadImage(marked(image)),
    bootFromSnapshot: (server) => book.bootFromSnapshot(marked(server)),
    cloneVolume: (volume) => book.cloneVolume(marked(volume)),
    bootFromVolume: (server) => book.bootFromVolume(marked(server)),
  };
}

export const legacyCommands: CommandBook = commandBook(LEGACY);
export const openstackCommands: CommandBook = commandBook(UNIFIED);

const CLIENTS = /^(openstack|cinder|glance|nova|storpool)( |$)/;

/** True for the command line of an OpenStack client or of StorPool's. */
export function isClientCommand(command: string): boolean {
  return CLIENTS.test(command);
}

const PLAIN = /^[A-Za-z0-9_\-./:=@%+,]+$/;

/** One line that a POSIX shell splits back into the same argv. Placeholders in angle brackets stay readable. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return PLAIN.test(word) || /^[\w\-./:]*<[\w .-]*>$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Advice with a command in it: what is put in stays one word for a shell, whatever a service has for an id or a host for a name. */
export function typed(parts: TemplateStringsArray, ...words: readonly (string | number | undefined)[]): string {
  return String.raw({ raw: parts }, ...words.map((word) => shellWord(String(word))));
}
