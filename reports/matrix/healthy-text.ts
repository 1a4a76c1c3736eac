import type { HealthyResult } from '../../helpers/proof/healthy-result.ts';

/** What a person should know of runs on healthy clusters. */
export interface HealthyText {
  /** What should not have been, with how to see it again. */
  readonly alarms: readonly string[];
  readonly summary: readonly string[];
}

/** True when nothing turned red, nothing of others changed and nobody was disturbed. */
export function isClean(result: HealthyResult): boolean {
  return result.outcomes.length > 0 && alarmsOf(result).length === 0;
}

export function renderHealthy(results: readonly HealthyResult[]): HealthyText {
  const alarms = results.flatMap((result) => alarmsOf(result).map((alarm) => `seed ${result.seed}: ${alarm}`));
  const sum = (of: (result: HealthyResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const checks = sum(({ outcomes }) => outcomes.length);
  const passed = sum(({ outcomes }) => outcomes.filter(({ outcome }) => outcome === 'passed').length);
  const struck = new Map<string, number>();
  for (const [what, times] of results.flatMap((result) => Object.entries(result.struck))) {
    struck.set(what, (struck.get(what) ?? 0) + times);
  }
  return {
    alarms,
    summary: [
      `${results.length} healthy clusters, ${checks} checks evaluated, ${passed} passed, ${alarms.length} alarms`,
      `what had to be tolerated: ${[...struck].map(([what, times]) => `${what} ${times}`).join(', ')}`,
      `things of others: ${sum(({ foreign }) => foreign.before)} before, ${sum(({ foreign }) => foreign.after)} after, ` +
        `${sum(({ foreign }) => foreign.changed.length)} changed; busy neighbours made and took away ${sum(({ foreign }) => foreign.made)}`,
      alarms.length === 0 ? 'No alarm was false.' : 'The suite raised alarms where nothing was wrong.',
    ],
  };
}

function alarmsOf({ outcomes, foreign, broken, error }: HealthyResult): string[] {
  return [
    ...outcomes
      .filter(({ outcome, hidden = false }) => outcome !== 'passed' && outcome !== 'not-applicable' && !hidden)
      .map(({ scenario, check, outcome, cause }) => `${check} in ${scenario}: ${outcome}: ${cause ?? ''}`),
    ...foreign.changed.map((change) => `something of others changed: ${change}`),
    ...foreign.disturbed.map((what) => `a neighbour was disturbed: ${what}`),
    ...(foreign.after === foreign.before || error !== undefined
      ? []
      : [`things of others: ${foreign.before} before, ${foreign.after} after`]),
    ...broken.map((message) => `the mock broke: ${message}`),
    ...(error === undefined ? [] : [error]),
  ];
}
