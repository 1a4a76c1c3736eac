import { type Figures, figuresInWords, whole } from '../../helpers/load.ts';
import type { Verdict } from './verdict-schema.ts';

/** What a load came to, and what it came to in an earlier run on the same host. */
export interface MeasuredLoad {
  readonly name: string;
  readonly host: string;
  readonly now: Figures;
  readonly before: Figures | undefined;
}

export function measuredLoads({ measurements }: Verdict, previous?: Verdict): MeasuredLoad[] {
  return measurements.map(({ scenario, name, host, ...now }) => ({
    ...{ name, host, now },
    before: previous?.measurements.find((one) => one.scenario === scenario && one.name === name && one.host === host),
  }));
}

/** `rand-r-4k-64 on compute-1: 12,345 IOPS, …; 12,001 IOPS in the run before` */
export function measuredInWords({ name, host, now, before }: MeasuredLoad): string {
  const earlier = before === undefined ? '' : `; ${whole(before.iops)} IOPS in the run before`;
  return `${name} on ${host}: ${figuresInWords(now)}${earlier}`;
}
