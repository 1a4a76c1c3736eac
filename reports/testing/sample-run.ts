import type { Manifest } from '../../helpers/claims.ts';
import type { Evidence, NewEvidence, Observation } from '../../helpers/evidence.ts';
import { computeVerdict, type VerdictInput } from '../verdict/verdict.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';

/** A made-up manifest for the tests of this folder: two chapters, three scenarios, and one check about the run itself. */
export const sampleManifest: Manifest = {
  fields: [],
  chapters: [
    { number: 2, folder: '2-cinder-backend', title: 'Set up the Cinder volume backend' },
    { number: 5, folder: '5-snapshots', title: 'Create snapshots' },
  ],
  scenarios: [
    { id: 'create', chapter: 2, title: 'Create a volume' },
    { id: 'extend', chapter: 2, title: 'Extend a volume & look at it' },
    { id: 'snapshot', chapter: 5, title: 'Take a snapshot <while in use>' },
  ],
  checks: [
    check('create.available', 'create', 'the volume becomes available'),
    check('create.size', 'create', 'the volume has the size that was asked for'),
    check('extend.size', 'extend', 'Cinder, StorPool and the device agree on the new size'),
    check('extend.data', 'extend', 'the old bytes are the same'),
    check('snapshot.frozen', 'snapshot', 'later writes are absent from the snapshot'),
    check('run.nothing-left', 'run', 'the run leaves nothing behind'),
  ],
};

function check(id: string, scenario: string, claim: string) {
  return {
    id,
    scenario,
    claim,
    guide: { section: 'Set up the Cinder volume backend', line: `cinder ${scenario} 10` },
    remedy: `Read cinder-volume.log on the controller, looking for “${scenario}”.`,
  };
}

const holds: Observation = { subject: 'size', actual: 10, expected: 10, holds: true };

/** A line as the recorder writes it; the time is of no importance to the verdict. */
export function line(evidence: NewEvidence): Evidence {
  return { at: '2026-03-01T10:00:00.000Z', ...evidence };
}

export function passed(id: string, scenario: string): Evidence {
  return line({ type: 'check', scenario, check: id, outcome: 'passed', assertions: 2, seen: [holds], ms: 12 });
}

/** The lines that one scenario of the sample leaves when all is well. */
export function greenScenario(scenario: string, manifest: Manifest = sampleManifest): Evidence[] {
  const exchange = { method: 'GET', url: 'http://127.0.0.1:1/v3/volumes', status: 200, ms: 3 };
  const wait = { what: 'the volume', states: [{ state: 'available', atMs: 40 }], polls: 3, ms: 40 };
  const step = {
    type: 'step',
    scenario,
    step: 'make',
    title: `Make the ${scenario} volume`,
    command: 'cinder create 10',
  } as const;
  return [
    line({ type: 'scenario', scenario, state: 'started' }),
    line({ ...step, state: 'started' }),
    line({ type: 'progress', scenario, step: 'make', text: 'copying', percent: 40 }),
    line({ ...step, state: 'done', ms: 55, exchanges: [exchange, exchange], waits: [wait] }),
    ...manifest.checks.filter((each) => each.scenario === scenario).map(({ id }) => passed(id, scenario)),
    line({ type: 'scenario', scenario, state: 'ended', ms: 80 }),
  ];
}

/** The evidence of a run in which everything is well. */
export function greenLines(manifest: Manifest = sampleManifest): Evidence[] {
  const ofRun = manifest.checks.filter(({ scenario }) => scenario === 'run').map(({ id }) => passed(id, 'run'));
  return [...manifest.scenarios.flatMap(({ id }) => greenScenario(id, manifest)), ...ofRun];
}

export function sampleInput(changes: Partial<VerdictInput> = {}): VerdictInput {
  const manifest = changes.manifest ?? sampleManifest;
  return {
    manifest,
    lines: greenLines(manifest),
    torn: 0,
    selection: manifest.checks.map(({ id }) => id),
    runner: { exitCode: 0, signal: null },
    leaks: [],
    startedAt: '2026-03-01T10:00:00.000Z',
    endedAt: '2026-03-01T10:00:06.500Z',
    target: { kind: 'embedded', title: 'embedded cluster', facts: { 'StorPool cluster': 'abcd.b' } },
    runId: '20260301-100000-x7',
    ...changes,
  };
}

export function sampleVerdict(changes: Partial<VerdictInput> = {}): Verdict {
  return computeVerdict(sampleInput(changes));
}

const wrong: Observation = { subject: 'size', actual: 20, expected: 10, holds: false };

/** Replaces the report about one check. A failed one has an assertion that does not hold. */
export function reporting(id: string, changes: object): Evidence[] {
  const seen = 'outcome' in changes && changes.outcome === 'failed' ? { seen: [wrong] } : {};
  return greenLines().map((each) =>
    each.type === 'check' && each.check === id ? ({ ...each, ...seen, ...changes } as Evidence) : each,
  );
}
