import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Problems } from './problems.ts';

/** Variables by name. The only reader of this process's own environment is `environment()`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function environment(): Environment {
  return process.env;
}

/** The name by which StorPool's and OpenStack's configuration know this machine. */
export function nodeName(): string {
  return hostname();
}

/** All that commands on this machine see: where tools are, and a home. No secret of this process. */
export function systemEnvironment(from: Environment = environment()): Record<string, string> {
  return {
    PATH: from['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: from['HOME'] ?? homedir(),
  };
}

const flag = z
  .union([z.boolean(), z.enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off', ''])])
  .transform((value) => (typeof value === 'boolean' ? value : ['1', 'true', 'yes', 'on'].includes(value)));
const words = z
  .union([z.array(z.string()), z.string()])
  .transform((value) => (typeof value === 'string' ? value.split(/[\s,]+/) : value).filter((word) => word !== ''));
const some = z.string().min(1);
const IN_GLANCE = 'glance:';

/** The name in Glance that an image's setting gives, colons and all; undefined for the canary and for files. */
export function glanceName(setting: string): string | undefined {
  return setting.startsWith(IN_GLANCE) ? setting.slice(IN_GLANCE.length) : undefined;
}

/** A file as it was typed: npm runs its scripts in the package's folder, whichever the person was in. */
function absoluteImage(setting: string, from: Environment): string {
  const isFile = setting !== 'canary' && glanceName(setting) === undefined;
  const typedIn = existsSync(setting) ? '.' : (from['INIT_CWD'] ?? '.');
  return isFile ? resolve(typedIn, setting) : setting;
}

const image = some.refine((value) => value !== IN_GLANCE, 'name the image: glance:NAME');

/** The settings a person may give: an option each, and a variable ACCEPTANCE_<NAME> each. The option wins. */
const SETTINGS = {
  target: z.enum(['embedded', 'container', 'live']).default('embedded'),
  /** Chapters and check ids; empty: all. */
  only: words.default([]),
  /** Of what is selected, this is left out. */
  exclude: words.default([]),
  /** Only what was not green in the last run on such a target. */
  lastFailed: flag.default(false),
  /** A YAML file that lists the hosts of a live target. */
  hosts: some.optional(),
  /** The StorPool template that new volumes must get. */
  template: some.optional(),
  replication: z.coerce.number().int().min(1).max(3).optional(),
  volumeType: some.optional(),
  /** `canary`, `glance:NAME` or a file's path. */
  image: image.default('canary'),
  flavor: some.optional(),
  /** `none`, `auto` or a network's id. */
  nic: some.default('none'),
  /** A YAML file of checks that may be red until a date; `waivers.yaml`, if there is one. */
  waivers: some.optional(),
  /** Leave what a failed scenario made. */
  keepOnFailure: flag.default(false),
  /** Do not ask before a live run. */
  yes: flag.default(false),
  /** By which command-line clients the guide's actions are carried out: its own (cinder, nova, glance), the unified one, or none. */
  clients: z.enum(['rest', 'legacy', 'openstack']).optional(),
  /** Where Horizon is; `embedded`: Debian's, before the embedded cluster. */
  horizon: z.union([z.literal('embedded'), z.url({ protocol: /^https?$/, error: 'give its address, https://…' })]).optional(),
  /** One host instead of three. */
  small: flag.default(false),
  /** The release of OpenStack whose image is started. */
  release: some.optional(),
  /** Leave the containers running after the run. */
  keep: flag.default(false),
  /** Use containers that an earlier run kept, or keep those that are started. */
  reuse: flag.default(false),
} as const;

/** What only `--target container` knows. */
const OF_CONTAINERS = ['small', 'release', 'keep', 'reuse'] as const satisfies (keyof typeof SETTINGS)[];

const settingsSchema = z.object(SETTINGS);
export type Settings = Readonly<z.output<typeof settingsSchema>>;
/** As the command line's parser gives them, before they are read. */
export type SettingOptions = { readonly [Name in keyof Settings]?: unknown };

const PREFIX = 'ACCEPTANCE_';
/** How processes of one run tell each other things; no settings of a person. */
const INTERNAL = new Set(['ACCEPTANCE_RUN', 'ACCEPTANCE_RUNS_DIR', 'ACCEPTANCE_PROOF']);

/** Reads all settings, options before variables before defaults. Throws one CannotRun that names every problem. */
export function readSettings(options: SettingOptions, from: Environment = environment()): Settings {
  const problems = new Problems();
  const names = Object.keys(SETTINGS) as (keyof Settings)[];
  const given = names.map((name) => ({ name, option: options[name], variable: from[variableOf(name)] }));
  const values = given.map(({ name, option, variable }) => [name, option ?? (variable === '' ? undefined : variable)]);
  const read = settingsSchema.safeParse(Object.fromEntries(values));
  for (const issue of read.error?.issues ?? []) {
    const found = given.find(({ name }) => name === issue.path[0]);
    const name = found?.name ?? 'target';
    problems.add(found?.option === undefined ? variableOf(name) : optionOf(name), `${issue.message} (it is ${told(found)})`);
  }
  for (const name of OF_CONTAINERS.filter((one) => read.data?.[one] && read.data.target !== 'container')) {
    problems.add(options[name] === undefined ? variableOf(name) : optionOf(name), 'only `--target container` knows it');
  }
  if (read.data?.horizon !== undefined && !suits(read.data)) {
    const name = options.horizon === undefined ? variableOf('horizon') : optionOf('horizon');
    problems.add(
      name,
      `an address is for \`--target live\`, and \`embedded\` for the embedded cluster (it is ${read.data.horizon})`,
    );
  }
  const known = new Set([...names.map(variableOf), ...INTERNAL]);
  for (const name of Object.keys(from)) {
    if (name.startsWith(PREFIX) && !known.has(name)) {
      problems.add(name, `there is no such setting: ${names.map(variableOf).join(', ')}`);
    }
  }
  problems.throwIfAny('Mend them and start again; --help shows all settings.');
  const settings = read.data as Settings;
  return { ...settings, image: absoluteImage(settings.image, from) };
}

/** Only what can be before a target is taken for its Horizon. */
function suits({ target, horizon }: Settings): boolean {
  return horizon === 'embedded' ? target === 'embedded' : target === 'live';
}

/** `keepOnFailure` → `ACCEPTANCE_KEEP_ON_FAILURE` */
export function variableOf(name: keyof Settings): string {
  return `${PREFIX}${kebab(name).replaceAll('-', '_').toUpperCase()}`;
}

/** `keepOnFailure` → `--keep-on-failure` */
export function optionOf(name: keyof Settings): string {
  return `--${kebab(name)}`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function told(found: { readonly option: unknown; readonly variable: string | undefined } | undefined): string {
  return JSON.stringify(found?.option ?? found?.variable) ?? 'not set';
}
