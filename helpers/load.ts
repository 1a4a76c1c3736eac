/** What one load came to, by fio's own figures. */
export interface Figures {
  /** Operations a second. */
  readonly iops: number;
  readonly bytesPerSecond: number;
  /** Completion latency that half, 99 % and 99.9 % of the operations stay within, in nanoseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** What a load came to, and where. */
export interface Measurement extends Figures {
  /** Of the load; of one that reads and writes also which. */
  readonly name: string;
  readonly host: string;
}

/**
 * The loads that StorPool's people measure a deployment with, by the names they use and in their order: pattern, block size, and how many are
 * under way (storpool/fio-tests; reference WORLD.md, "After a deployment").
 */
export const LOADS = {
  'rand-w-4k-64': { pattern: 'randwrite', block: '4k', depth: 64 },
  'lat-r-4k-1': { pattern: 'randread', block: '4k', depth: 1 },
  'seq-r-1M-64': { pattern: 'read', block: '1M', depth: 64 },
  'rand-r-4k-64': { pattern: 'randread', block: '4k', depth: 64 },
  'seq-w-1M-64': { pattern: 'write', block: '1M', depth: 64 },
  'lat-w-4k-1': { pattern: 'randwrite', block: '4k', depth: 1 },
  'rand-rw-4k-64': { pattern: 'randrw', block: '4k', depth: 64 },
} as const;

export type LoadName = keyof typeof LOADS;
export const LOAD_NAMES = Object.keys(LOADS) as LoadName[];

/** What a load must come to: at least, of rates; at most, of latencies. */
export type LoadPromise = { readonly [Figure in keyof Figures]?: number };

export interface PerformancePromises {
  /** How long each load lasts. */
  readonly seconds?: number;
  readonly loads: { readonly [Name in LoadName]?: LoadPromise };
}

/** `30 s each; rand-r-4k-64: iops 20,000, p99 2.00 ms`, for whoever compares what was asked for. */
export function promisedInWords({ seconds, loads }: PerformancePromises): string {
  const rows = Object.entries(loads).map(([name, promised]) => {
    const figures = Object.entries(promised).map(
      ([figure, value]) => `${figure} ${/^p\d/.test(figure) ? nanoseconds(value) : whole(value)}`,
    );
    return `${name}: ${figures.join(', ')}`;
  });
  return [...(seconds === undefined ? [] : [`${seconds} s each`]), ...rows].join('; ');
}

const [MEGA, MICRO, MILLI, SECOND] = [1e6, 1e3, 1e6, 1e9];

/** `12,345 IOPS, 50.6 MB/s, p50 1.20 ms, p99 4.10 ms, p99.9 9.80 ms` */
export function figuresInWords(figures: Figures): string {
  const { iops, bytesPerSecond, p50, p99, p999 } = figures;
  const latencies = `p50 ${nanoseconds(p50)}, p99 ${nanoseconds(p99)}, p99.9 ${nanoseconds(p999)}`;
  return `${whole(iops)} IOPS, ${(bytesPerSecond / MEGA).toFixed(1)} MB/s, ${latencies}`;
}

export const whole = (value: number) => Math.round(value).toLocaleString('en-US');

/** In the largest unit that leaves a digit before the point. */
export function nanoseconds(ns: number): string {
  const [unit, size] = ns < MILLI ? (['µs', MICRO] as const) : ns < SECOND ? (['ms', MILLI] as const) : (['s', SECOND] as const);
  return `${(ns / size).toFixed(2)} ${unit}`;
}
