/** Versions of what a host has installed, as its packages' metadata tell them. */
export interface Installed {
  readonly cinder?: string;
  readonly nova?: string;
  readonly glance?: string;
  readonly 'os-brick'?: string;
}

/** Something that the guide asks for and that only some releases need or know. */
interface Range {
  readonly component: keyof Installed;
  /** The first version that has it; absent: from the beginning. */
  readonly from?: string;
  /** The first version that has it no longer; absent: to this day. */
  readonly below?: string;
  /** Why it does not apply outside of the range, to follow "cinder 26.0.0: …". */
  readonly outside: string;
  /** True when releases from before the component existed (os-brick: before Liberty) count as older, not as unknown. */
  readonly beforeItExisted?: boolean;
}

/**
 * From which release to which a part of the guide holds. One table for all checks.
 * Source: StorPool reference §5.3 (os-brick), §5.5 (Nova, volume_drivers, Cinder's history).
 */
const RANGES = {
  'pip-packages': {
    component: 'os-brick',
    below: '6.10.0',
    outside: 'os-brick speaks to StorPool itself, without the storpool and storpool.spopenstack packages',
    beforeItExisted: true,
  },
  'attach-database': {
    component: 'os-brick',
    below: '6.10.0',
    outside: 'os-brick attaches through the StorPool API: no group, no spool directory and no openstack-attach.json are needed',
    beforeItExisted: true,
  },
  'client-id-by-cinder': {
    component: 'os-brick',
    below: '6.9.0',
    outside: 'os-brick attaches by the host’s own SP_OURID, whatever Cinder says',
    beforeItExisted: true,
  },
  'nova-patched-files': {
    component: 'nova',
    below: '17.0.0',
    outside: 'Nova has StorPool’s volume driver in its tree since Queens',
  },
  'nova-volume-drivers': {
    component: 'nova',
    below: '2015.1.0',
    outside: 'Nova has no option volume_drivers since Kilo: the list of drivers is a constant',
  },
} as const satisfies Readonly<Record<string, Range>>;

/** A part of the guide that holds for some releases only. */
export type Part = keyof typeof RANGES;

/** Whether a part of the guide applies to what is installed, and what says so. */
export type Applicability =
  | { readonly applies: true; readonly evidence: string }
  | { readonly applies: false; readonly evidence: string }
  | { readonly applies: undefined; readonly evidence: string };

/** `outside` is said when it does not apply. Unknown when nothing tells the component's version. */
export function applicability(name: Part, installed: Installed): Applicability {
  const range: Range = RANGES[name];
  const version = installed[range.component];
  if (version === undefined) {
    const older = range.beforeItExisted === true ? beforeLiberty(installed) : undefined;
    return older === undefined
      ? { applies: undefined, evidence: `no ${range.component} was found` }
      : { applies: true, evidence: `${older}: from before ${range.component}` };
  }
  const inside =
    (range.from === undefined || compareVersions(version, range.from) >= 0) &&
    (range.below === undefined || compareVersions(version, range.below) < 0);
  const evidence = `${range.component} ${version}`;
  return inside ? { applies: true, evidence } : { applies: false, evidence: `${evidence}: ${range.outside}` };
}

function beforeLiberty({ cinder, nova }: Installed): string | undefined {
  const [name, version] = cinder === undefined ? ['nova', nova] : ['cinder', cinder];
  return version !== undefined && isByYear(version) ? `${name} ${version}` : undefined;
}

/** OpenStack counted by year until Kilo (2015.1), then began anew at 7 (Cinder), 11 (Glance) and 12 (Nova). */
const isByYear = (version: string) => Number.parseInt(version, 10) >= 2011;

/** Negative when `a` is older than `b`. Versions by year are older than all others. */
export function compareVersions(a: string, b: string): number {
  const era = Number(isByYear(b)) - Number(isByYear(a));
  if (era !== 0) {
    return era;
  }
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

const numbers = (version: string) => (version.match(/\d+/g) ?? []).map(Number);

const SERIES = [
  'Liberty',
  'Mitaka',
  'Newton',
  'Ocata',
  'Pike',
  'Queens',
  'Rocky',
  'Stein',
  'Train',
  'Ussuri',
  'Victoria',
  'Wallaby',
  'Xena',
  'Yoga',
  'Zed',
  '2023.1',
  '2023.2',
  '2024.1',
  '2024.2',
  '2025.1',
  '2025.2',
  '2026.1',
  '2026.2',
];
const LIBERTY = { cinder: 7, nova: 12 } as const;

/** `Zed` for cinder 21.x and nova 26.x; `Juno` for 2014.2. undefined for versions outside of the table. */
export function seriesOf(component: 'cinder' | 'nova', version: string): string | undefined {
  if (isByYear(version)) {
    return version.startsWith('2014.2') ? 'Juno' : version.startsWith('2015.1') ? 'Kilo' : undefined;
  }
  return SERIES[Number.parseInt(version, 10) - LIBERTY[component]];
}

interface DriverRange {
  /** What the driver file's VERSION begins with. */
  readonly driver: string;
  readonly from: string;
  readonly below?: string;
}

/** Which Cinder a driver file is for, by its VERSION. Source: the driver's own history and StorPool reference §5.2. */
const CINDER_DRIVERS: readonly DriverRange[] = [
  { driver: '0.1.', from: '2014.1', below: '2015.1' },
  { driver: '0.2.', from: '2015.1', below: '7.0.0' },
  { driver: '1.0.', from: '7.0.0', below: '8.0.0' },
  { driver: '1.1.', from: '8.0.0', below: '12.0.0' },
  { driver: '1.2.', from: '12.0.0', below: '26.0.0' },
  { driver: '2.', from: '21.0.0' },
];

/** Whether a driver file fits the Cinder beside it: true, false, or undefined when the file's version is not known. */
export function driverFits(driver: string, cinder: string): boolean | undefined {
  const range = CINDER_DRIVERS.find((candidate) => driver.startsWith(candidate.driver));
  if (range === undefined) {
    return;
  }
  return compareVersions(cinder, range.from) >= 0 && (range.below === undefined || compareVersions(cinder, range.below) < 0);
}
