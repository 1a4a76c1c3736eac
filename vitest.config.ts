import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const OLDEST_NODE = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  throw new Error(`This suite runs on Node ${OLDEST_NODE} or newer, not ${process.version}: start it with \`npm run …\``);
}

const shared = { expect: { requireAssertions: true }, retry: 0, restoreMocks: true } as const;

const unit = {
  test: {
    ...shared,
    name: 'unit',
    include: ['{bin,fixtures,helpers,reports,scenarios,scripts}/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 20_000,
    sequence: { shuffle: true, groupOrder: 1 },
  },
} as const;

/** Workers spend their time waiting for the cluster, so there are more of them than cores. */
const SCENARIO_WORKERS = 4;

const scenarios = {
  test: {
    ...shared,
    // A scenario's assertions are its checks, which the verdict counts.
    expect: { requireAssertions: false },
    name: 'scenarios',
    include: ['scenarios/**/*.scenario.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: SCENARIO_WORKERS,
    maxConcurrency: 3,
    sequence: { shuffle: true, groupOrder: 2 },
  },
} as const;

// Set by the supervisor (bin/acceptance.ts), which alone starts scenarios.
const runDir = process.env['ACCEPTANCE_RESULTS'];
const plays = runDir !== undefined || process.env['ACCEPTANCE_PROOF'] !== undefined;

export default defineConfig({
  test: {
    projects: plays ? [scenarios] : [unit],
    reporters:
      runDir === undefined
        ? ['default']
        : ['default', ['allure-vitest/reporter', { resultsDir: join(runDir, 'allure-results') }]],
  },
});
