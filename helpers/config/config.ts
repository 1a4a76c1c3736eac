import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { Problems } from './problems.ts';
import { readSettingsFile, type SettingsFile, settingsFileIn } from './settings-file.ts';

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
  .union([
    z.boolean(),
    // As people write it for Ansible and Python, too: True, Yes.
    z.preprocess((value) => String(value).toLowerCase(), z.enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off', ''])),
  ])
  .transform((value) => (typeof value === 'boolean' ? value : ['1', 'true', 'yes', 'on'].includes(value)));
const words = z
  .union([z.array(z.string()), z.string()])
  .transform((value) => (typeof value === 'string' ? value.split(/[\s,]+/) : value).filter((word) => word !== ''));
const some = z.string().min(1);
/** Paths may have spaces, and each follows a component's name. */
const drivers = z
  .union([z.array(z.string()), z.string()])
  .transform((value) => (typeof value === 'string' ? value.trim().split(/[\s,]+(?=[\w-]+=)/) : value));
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

const HYPERVISORS = 'must be a number from 1 to 9';

/** The settings a person may give: an option each, a variable ACCEPTANCE_<NAME> each, and most of them a line of acceptance.yaml. */
const SETTINGS = {
  /** A YAML file of settings, or `none`; `acceptance.yaml`, if there is one. */
  config: some.optional(),
  target: z.enum(['embedded', 'container', 'live']).default('embedded'),
  /** Chapters and check ids; empty: all. */
  only: words.default([]),
  /** Of what is selected, this is left out. */
  exclude: words.default([]),
  /** Only what was not green in the last run on such a target. */
  lastFailed: flag.default(false),
  /** The cloud of clouds.yaml that a live target is; OS_CLOUD's by default. */
  cloud: some.optional(),
  /** A YAML file that lists the hosts of a live target; or, in acceptance.yaml, that list itself. */
  hosts: z.union([some, z.array(z.unknown())]).optional(),
  /** The StorPool template that new volumes must get. */
  template: some.optional(),
  replication: z.coerce.number({ error: 'must be 1, 2 or 3' }).int().min(1).max(3).optional(),
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
  horizon: z
    .union([z.enum(['embedded', 'container']), z.url({ protocol: /^https?$/, error: 'give its address, https://…' })])
    .optional(),
  /** A YAML file that says what loads must come to; or, in acceptance.yaml, that mapping itself. */
  performance: z.union([some, z.record(z.string(), z.unknown())]).optional(),
  /** Also try each hypervisor on its own. */
  everywhere: flag.default(false),
  /** One host instead of three. */
  small: flag.default(false),
  /** How many hypervisors there are beside the controller. */
  hypervisors: z.coerce.number({ error: HYPERVISORS }).int(HYPERVISORS).min(1, HYPERVISORS).max(9, HYPERVISORS).optional(),
  /** `kolla`: the services that touch devices in containers of their own. */
  layout: z.enum(['kolla']).optional(),
  /** The release of OpenStack whose image is started. */
  release: some.optional(),
  /** Leave the containers running after the run. */
  keep: flag.default(false),
  /** Use containers that an earlier run kept, or keep those that are started. */
  reuse: flag.default(false),
  /** Changed drivers that are laid over the packaged ones: `component=PATH` each. */
  driver: drivers.optional(),
} as const;

/** What only `--target container` knows. */
const OF_CONTAINERS = [
  'small',
  'hypervisors',
  'layout',
  'release',
  'keep',
  'reuse',
  'driver',
] as const satisfies (keyof typeof SETTINGS)[];

/** What is agreed to, or chosen, once for each run: not in a file. */
const OF_ONE_RUN = ['config', 'lastFailed', 'yes', 'keep', 'reuse'] as const satisfies (keyof typeof SETTINGS)[];

const settingsSchema = z.object(SETTINGS);
export type Settings = Readonly<z.output<typeof settingsSchema>>;
/** As the command line's parser gives them, before they are read. */
export type SettingOptions = { readonly [Name in keyof Settings]?: unknown };

const PREFIX = 'ACCEPTANCE_';
/** How processes of one run tell each other things; no settings of a person. */
const INTERNAL = new Set(['ACCEPTANCE_RUN', 'ACCEPTANCE_RUNS_DIR', 'ACCEPTANCE_PROOF']);
const NAMES = Object.keys(SETTINGS) as (keyof Settings)[];

/** One that somebody gave: its value as it was given, and where. */
interface Given {
  readonly name: keyof Settings;
  readonly value: unknown;
  /** As a person writes it: `--template`, ACCEPTANCE_TEMPLATE, or `acceptance.yaml: template`. */
  readonly where: string;
  /** Where it is from, in a word. */
  readonly by: string;
}

export interface GivenSettings {
  readonly settings: Settings;
  /** What was given and by whom, in words, by the names of the options; what was not given has its default. */
  readonly given: Readonly<Record<string, string>>;
  /** A settings file that is there, but for another target than the one that was chosen. */
  readonly unused: string | undefined;
}

/** The settings that hold. Throws one CannotRun that names every problem. */
export function readSettings(options: SettingOptions, from: Environment = environment()): Settings {
  return readGivenSettings(options, from).settings;
}

/**
 * Reads all settings: options before variables before the settings file before defaults. A settings file is about the target that it names, and says
 * nothing of others. Throws one CannotRun that names every problem.
 */
export function readGivenSettings(options: SettingOptions, from: Environment = environment()): GivenSettings {
  const problems = new Problems();
  const said = NAMES.flatMap((name) => saidOf(name, options, from));
  const file = fileOf(said, from, problems);
  const target = said.find(({ name }) => name === 'target')?.value;
  const isOther = file !== undefined && target !== undefined && target !== file.values.get('target');
  const given = [...said, ...(file === undefined || isOther ? [] : NAMES.flatMap((name) => lineOf(name, file, said)))];
  const read = settingsSchema.safeParse(Object.fromEntries(given.map(({ name, value }) => [name, value])));
  for (const issue of read.error?.issues ?? []) {
    const found = given.find(({ name }) => name === issue.path[0]);
    problems.add(found?.where ?? 'settings', `${issue.message} (it is ${JSON.stringify(found?.value) ?? 'not set'})`);
  }
  for (const name of OF_CONTAINERS.filter((one) => read.data?.[one] && read.data.target !== 'container')) {
    problems.add(given.find((one) => one.name === name)?.where ?? name, 'only `--target container` knows it');
  }
  const { horizon, hypervisors, small, layout } = read.data ?? {};
  if (hypervisors !== undefined && (small === true || layout !== undefined)) {
    const where = given.find(({ name }) => name === 'hypervisors')?.where ?? 'hypervisors';
    problems.add(where, `there is one host that is everything with \`--${small === true ? 'small' : 'layout'}\``);
  }
  if (read.data !== undefined && horizon !== undefined && !suits(read.data)) {
    const where = given.find(({ name }) => name === 'horizon')?.where ?? 'horizon';
    problems.add(
      where,
      `an address is for \`--target live\`, \`embedded\` and \`container\` for those targets (it is ${horizon})`,
    );
  }
  refuseUnknown(from, problems);
  problems.throwIfAny('Mend them and start again; --help shows all settings.');
  const settings = read.data as Settings;
  return {
    settings: { ...settings, image: absoluteImage(settings.image, from) },
    given: Object.fromEntries(given.map(({ name, value, by }) => [kebab(name), `${inWords(value)} (${by})`])),
    unused: isOther ? file.path : undefined,
  };
}

function saidOf(name: keyof Settings, options: SettingOptions, from: Environment): Given[] {
  const [option, variable] = [options[name], from[variableOf(name)]];
  if (option !== undefined) {
    return [{ name, value: option, where: optionOf(name), by: optionOf(name) }];
  }
  return variable === undefined || variable === ''
    ? []
    : [{ name, value: variable, where: variableOf(name), by: variableOf(name) }];
}

function fileOf(said: readonly Given[], from: Environment, problems: Problems): SettingsFile | undefined {
  const named = said.find(({ name }) => name === 'config')?.value;
  const path = settingsFileIn(from['INIT_CWD'] ?? '.', typeof named === 'string' ? named : undefined);
  if (path === undefined) {
    return;
  }
  const ofOneRun: readonly string[] = OF_ONE_RUN;
  const known = NAMES.filter((name) => !ofOneRun.includes(name)).map(kebab);
  const before = problems.count;
  const file = readSettingsFile(path, known, problems);
  const target = file.values.get('target');
  if (target !== undefined && !SETTINGS.target.safeParse(target).success) {
    // Else it would be another target than any, and all of the file unused.
    problems.add(`${path}: target`, `it is ${JSON.stringify(target)}: write embedded, container or live`);
  }
  if (!file.values.has('target') && problems.count === before) {
    problems.add(`${path}: target`, 'missing: say which target these settings are for, such as `target: live`');
  }
  return file;
}

function lineOf(name: keyof Settings, { path, values }: SettingsFile, said: readonly Given[]): Given[] {
  const value = values.get(kebab(name));
  return value === undefined || said.some((one) => one.name === name)
    ? []
    : [{ name, value, where: `${path}: ${kebab(name)}`, by: basename(path) }];
}

function refuseUnknown(from: Environment, problems: Problems): void {
  const known = new Set([...NAMES.map(variableOf), ...INTERNAL]);
  for (const name of Object.keys(from)) {
    if (name.startsWith(PREFIX) && !known.has(name)) {
      problems.add(name, `there is no such setting: ${NAMES.map(variableOf).join(', ')}`);
    }
  }
}

/** Hosts by their number: a report has their names. */
function inWords(value: unknown): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.keys(value).join(' ');
  }
  const isOfTexts = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return Array.isArray(value) && !isOfTexts ? `${value.length} listed` : isOfTexts ? value.join(' ') : String(value);
}

/** Only what can be before a target is taken for its Horizon. */
function suits({ target, horizon }: Settings): boolean {
  return horizon === target || (target === 'live' && horizon !== 'embedded' && horizon !== 'container');
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
