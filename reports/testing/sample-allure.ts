import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../helpers/claims.ts';

/**
 * Writes results as Allure's reporter for vitest does: one per scenario, a step with attachments per check.
 * @param text what stands in each attachment
 */
export function drawScenarios(runDir: string, manifest: Manifest, scenarios: readonly string[], text = 'GET /v3/volumes'): void {
  const folder = join(runDir, 'allure-results');
  mkdirSync(folder, { recursive: true });
  for (const scenario of manifest.scenarios.filter(({ id }) => scenarios.includes(id))) {
    const steps = manifest.checks
      .filter((check) => check.scenario === scenario.id)
      .map(({ id, claim }) => ({
        ...frame(),
        name: `${id}: ${claim}`,
        status: 'passed',
        attachments: [attach(folder, text), attach(folder, text)],
      }));
    const uuid = randomUUID();
    const fullName = `scenarios/${scenario.id}.scenario.ts#${scenario.title}`;
    const result = {
      ...frame(),
      uuid,
      fullName,
      name: scenario.title,
      status: 'passed',
      steps,
      attachments: [],
      labels: [{ name: 'epic', value: 'x' }],
    };
    writeFileSync(join(folder, `${uuid}-result.json`), JSON.stringify(result));
  }
}

function frame() {
  const start = Date.parse('2026-03-01T10:00:01Z');
  return { stage: 'finished', start, stop: start + 900, statusDetails: {}, parameters: [], links: [] };
}

function attach(folder: string, text: string) {
  const source = `${randomUUID()}-attachment.txt`;
  writeFileSync(join(folder, source), text);
  return { name: 'exchanges', type: 'text/plain', source };
}

/** A manifest as large as the suite's own: scenarios × checks. */
export function largeManifest(scenarios: number, checks: number): Manifest {
  const ids = Array.from({ length: scenarios }, (_, index) => `scenario${index}`);
  return {
    fields: [],
    chapters: [{ number: 2, folder: '2-cinder-backend', title: 'Set up the Cinder volume backend' }],
    scenarios: ids.map((id, index) => ({ id, chapter: 2, title: `Scenario number ${index}` })),
    checks: Array.from({ length: checks }, (_, index) => ({
      id: `check.n${index}`,
      scenario: ids[index % scenarios] ?? '',
      claim: `claim ${index} holds`,
      guide: { section: 'Set up the Cinder volume backend', line: 'cinder list' },
      remedy: 'Read the log.',
    })),
  };
}
