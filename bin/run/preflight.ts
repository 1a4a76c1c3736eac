import { convertsNoImages } from '../../fixtures/preflight/configuration/service-configuration.ts';
import { evidenceOf } from '../../fixtures/preflight/findings/evidence.ts';
import { obstacles } from '../../fixtures/preflight/findings/obstacles.ts';
import { examineTarget } from '../../fixtures/preflight/target-doctor.ts';
import type { ConnectOptions } from '../../fixtures/targets/clients.ts';
import type { Target } from '../../fixtures/targets/target.ts';
import type { Manifest } from '../../helpers/claims.ts';
import type { CheckEvidence, EvidenceSink } from '../../helpers/evidence.ts';
import { PRECONDITIONS } from '../../scenarios/1-preliminary-setup/preconditions.ts';
import { preflightRunbooks } from '../../scenarios/1-preliminary-setup/preflight.ts';
import type { Selection } from '../selection.ts';
import { unlessAborted } from './interruption.ts';

export interface Preflight {
  readonly target: Target;
  readonly connecting: ConnectOptions;
  readonly signal: AbortSignal;
  readonly manifest: Manifest;
  readonly selection: Selection;
  readonly sink: EvidenceSink;
}

export interface Looked {
  /** The ids of the scenarios that are left to be played. */
  readonly left: readonly string[];
  /** True when a host's Cinder says that it converts no images; not known where nobody looked. */
  readonly convertsNoImages?: boolean;
  /** What the hosts' services run on, in words; empty when nobody looked. */
  readonly releases: string;
}

const LOOKING = new Set(preflightRunbooks.map(({ id }) => id));

/**
 * Looks at the deployment when the run is to, writes down what it saw, and blocks the scenarios that make no sense on it.
 * Throws the signal's reason.
 */
export async function preflight({ target, connecting, signal, manifest, selection, sink }: Preflight): Promise<Looked> {
  const looking = selection.scenarios.filter((id) => LOOKING.has(id));
  const playing = selection.scenarios.filter((id) => !LOOKING.has(id));
  if (looking.length === 0) {
    return { left: playing, releases: '' };
  }
  const started = performance.now();
  for (const scenario of looking) {
    sink({ type: 'scenario', scenario, state: 'started' });
  }
  // What was cut short would tell of hosts that cannot be reached.
  const examination = await unlessAborted(examineTarget({ target, connecting }), signal);
  const checks = manifest.checks.filter(({ id, scenario }) => looking.includes(scenario) && selection.checks.includes(id));
  for (const line of evidenceOf(examination, checks)) {
    sink(line);
  }
  for (const scenario of looking) {
    sink({ type: 'scenario', scenario, state: 'ended', ms: Math.round(performance.now() - started) });
  }
  const controllers = target.hosts.flatMap(({ name, roles = [] }) => (roles.includes('controller') ? [name] : []));
  const places = { seat: target.hosts[0]?.name ?? '', controllers };
  const left = playing.filter((id) => {
    const chapter = manifest.scenarios.find((scenario) => scenario.id === id)?.chapter ?? 0;
    const needs = PRECONDITIONS[chapter];
    const [by] = needs === undefined ? [] : obstacles(examination.verdicts, needs, places);
    if (by !== undefined) {
      block({ manifest, selection, sink }, id, by);
    }
    return by === undefined;
  });
  return { left, releases: examination.releases, convertsNoImages: examination.cases.some(convertsNoImages) };
}

function block(
  { manifest, selection, sink }: Pick<Preflight, 'manifest' | 'selection' | 'sink'>,
  scenario: string,
  by: string,
): void {
  sink({ type: 'scenario', scenario, state: 'started' });
  const blocked: Omit<CheckEvidence, 'at' | 'check'> = {
    ...{ type: 'check', scenario, outcome: 'blocked', by, cause: `blocked by ${by}` },
    ...{ assertions: 0, seen: [], ms: 0 },
  };
  for (const { id } of manifest.checks.filter((check) => check.scenario === scenario && selection.checks.includes(check.id))) {
    sink({ ...blocked, check: id });
  }
  sink({ type: 'scenario', scenario, state: 'ended', ms: 0, error: `blocked by ${by}` });
}
