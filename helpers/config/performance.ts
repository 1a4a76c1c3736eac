import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CannotRun, messageOf } from '../failure.ts';
import { LOAD_NAMES, type LoadPromise, type PerformancePromises } from '../load.ts';
import { nearestWord } from './nearest-word.ts';
import { Problems } from './problems.ts';
import { readYaml } from './yaml.ts';

const NANOSECONDS = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 } as const;
const MEGA = 1e6;

const positive = z.coerce.number({ error: 'a number' }).positive('more than 0');
/** `2ms`, `800 us` */
const latency = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(ns|us|µs|ms|s)$/, { error: 'a latency is written with its unit, such as 2ms', abort: true })
  .transform((text) => Number.parseFloat(text) * NANOSECONDS[text.replace(/[\d.\s]/g, '') as keyof typeof NANOSECONDS]);
const promised = z
  .strictObject({
    iops: positive.optional(),
    /** Megabytes a second. */
    'mb-s': positive.optional(),
    p50: latency.optional(),
    p99: latency.optional(),
    'p99.9': latency.optional(),
  })
  .refine((one) => Object.keys(one).length > 0, 'it promises nothing')
  .transform(
    ({ iops, 'mb-s': megabytes, p50, p99, 'p99.9': p999 }): LoadPromise => ({
      ...(iops !== undefined && { iops }),
      ...(megabytes !== undefined && { bytesPerSecond: megabytes * MEGA }),
      ...(p50 !== undefined && { p50 }),
      ...(p99 !== undefined && { p99 }),
      ...(p999 !== undefined && { p999 }),
    }),
  );
const MOST_SECONDS = 3600;
const seconds = positive.int('whole seconds').max(MOST_SECONDS, 'at most an hour');

/**
 * What `performance` says in acceptance.yaml, or the file that is named: `{ seconds: 30, rand-r-4k-64: { iops: 20000, mb-s: 80, p50: 500us,
 * p99: 2ms, p99.9: 5ms } }`. Throws one CannotRun that names every problem.
 */
export function readPerformance(given: string | Readonly<Record<string, unknown>>): PerformancePromises {
  const problems = new Problems();
  const where = typeof given === 'string' ? given : 'performance';
  const { seconds: lasts, ...rows } = mappingIn(given, where, problems);
  const read = <T>(key: string, schema: z.ZodType<T>, value: unknown): T | undefined => {
    const parsed = schema.safeParse(value);
    for (const { path, message } of parsed.error?.issues.toReversed() ?? []) {
      problems.add(`${where}: ${[key, ...path].join('.')}`, message);
    }
    return parsed.data;
  };
  const loads = Object.entries(rows).flatMap(([name, row]) => {
    if (!LOAD_NAMES.some((one) => one === name)) {
      const near = nearestWord(name, LOAD_NAMES);
      problems.add(`${where}: ${name}`, near === undefined ? `there are ${LOAD_NAMES.join(', ')}` : `did you mean ${near}?`);
      return [];
    }
    return [[name, read(name, promised, row)] as const];
  });
  const lasting = lasts === undefined ? undefined : read('seconds', seconds, lasts);
  problems.throwIfAny('Mend them and start again; README, "What it delivers", shows an example.');
  return { ...(lasting !== undefined && { seconds: lasting }), loads: Object.fromEntries(loads) };
}

function mappingIn(
  given: string | Readonly<Record<string, unknown>>,
  where: string,
  problems: Problems,
): Record<string, unknown> {
  try {
    const found = typeof given === 'string' ? readYaml(readFileSync(given, 'utf8'), 'failsafe') : given;
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) {
      return { ...found };
    }
    problems.add(where, 'it is no mapping of loads to what they must come to');
  } catch (error) {
    if (error instanceof CannotRun) {
      throw error;
    }
    problems.add(where, messageOf(error).split('\n')[0] ?? '');
  }
  return {};
}
