import { join } from 'node:path';
import { REST } from '../../fixtures/actions/client-choice.ts';
import type { Limits, Target } from '../../fixtures/targets/target.ts';
import { systemEnvironment } from '../../helpers/config/config.ts';
import { readEvidence } from '../../helpers/evidence.ts';
import { Redactor } from '../../helpers/redact.ts';
import { TerminalReporter } from '../../reports/terminal/terminal-reporter.ts';
import { computeVerdict } from '../../reports/verdict/verdict.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { runAcceptance } from '../run/acceptance.ts';
import { select } from '../selection.ts';

/** Long enough for a cluster in which nothing is broken, and short enough to wait for what does not come. */
export const LIMITS: Limits = { volumeMs: 45_000, imageMs: 60_000, serverMs: 60_000, deviceMs: 10_000, requestMs: 60_000 };

export interface Played {
  readonly verdict: Verdict;
  readonly dir: string;
  /** By the check's id. */
  outcome(check: string): string | undefined;
  cause(check: string): string;
}

/** Carries out scenarios as `npm run acceptance` does, on a cluster that stays, without a word. */
export async function playOn(target: Target, scenarios: readonly string[], runsDir: string): Promise<Played> {
  const redactor = new Redactor();
  const out = { write: () => true };
  using terminal = new TerminalReporter({ manifest, out });
  let played: Played | undefined;
  await runAcceptance({
    ...{ runsDir, manifest, redactor, terminal, keepOnFailure: false, actBy: REST.kind, terms: {} },
    selection: select(manifest, scenarios),
    environment: systemEnvironment(),
    provision: async () => ({ target, [Symbol.asyncDispose]: () => Promise.resolve() }),
    approve: () => Promise.resolve(),
    conclude: async (dir, facts) => {
      const verdict = computeVerdict({ ...facts, manifest, ...readEvidence(join(dir, 'evidence.ndjson')) });
      const found = (id: string) => verdict.checks.find((check) => check.id === id);
      played = { verdict, dir, outcome: (id) => found(id)?.outcome, cause: (id) => found(id)?.cause ?? '' };
      return verdict.exitCode;
    },
  });
  if (played === undefined) {
    throw new Error('the run ended without a verdict');
  }
  return played;
}
