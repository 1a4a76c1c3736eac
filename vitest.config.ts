import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { SCENARIOS_AT_ONCE } from './fixtures/run/at-once.ts';
import { LongestFirst } from './fixtures/scenario/longest-first.ts';

const OLDEST_NODE = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  throw new Error(`This suite runs on Node ${OLDEST_NODE} or newer, not ${process.version}: start it with \`npm run …\``);
}

/** Deadlines only end what hangs: on a machine that is busy with others everything takes its time, and is as right as ever. */
const HANGS_MS = 180_000;
const poll = { timeout: HANGS_MS, interval: 20 };
/** Two for each core: a test waits for two thirds of its time, for processes that it started or for a time to pass. */
const WORKERS = 2 * availableParallelism();
const shared = { expect: { requireAssertions: true, poll }, retry: 0, restoreMocks: true } as const;

const unit: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'unit',
    include: ['{bin,fixtures,helpers,reports,scenarios,scripts}/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: WORKERS,
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    sequence: { shuffle: true, groupOrder: 1 },
  },
};

/** Commands that are killed, disks that are full, files of any bytes, whole runs one after the other: what takes long. */
const attacks: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'attacks',
    include: ['{bin,fixtures,helpers,reports,scenarios,scripts}/**/*.attacks.ts'],
    pool: 'threads',
    maxWorkers: WORKERS,
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    sequence: { shuffle: true, groupOrder: 7 },
  },
};

const scenarios: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    // A scenario's assertions are its checks, which the verdict counts.
    expect: { requireAssertions: false },
    name: 'scenarios',
    // Of the npm package they are plain JavaScript, below node_modules.
    include: ['scenarios/**/*.scenario.{ts,js}'],
    exclude: [],
    pool: 'threads',
    isolate: false,
    maxWorkers: SCENARIOS_AT_ONCE,
    maxConcurrency: 3,
    sequence: { groupOrder: 2 },
  },
};

/** Clients take their second in Python, so that more of them than cores only wait for each other. */
const CLIENT_PROCESSES = 3;
/** Only one of these files has several clients at once. */
const CLIENT_FILES = 2;

// Against one embedded cluster each: `npm run test:clients`, where the command-line clients are installed.
const clients: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'clients',
    include: ['{bin,fixtures}/**/*.clients.ts'],
    pool: 'threads',
    maxWorkers: CLIENT_FILES,
    maxConcurrency: CLIENT_PROCESSES,
    testTimeout: 600_000,
    sequence: { shuffle: true, groupOrder: 3 },
  },
};

// Other people's test suites, which are long: `npm run test:peers`, where they are installed.
const peers: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'peers',
    include: ['fixtures/peers/*.peers.ts'],
    pool: 'threads',
    maxWorkers: 1,
    hookTimeout: HANGS_MS,
    sequence: { groupOrder: 6 },
  },
};

// On real OpenStack, which is started for them or was kept: part of `npm run test:container`.
const containers: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'containers',
    include: ['{bin,fixtures,scripts}/**/*.containers.ts'],
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    sequence: { shuffle: true, groupOrder: 4 },
  },
};

// Against a cluster of containers each, in which something is stopped or configured as operators do: `npm run test:outages`, where there is Docker.
const outages: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'outages',
    include: ['bin/containers/*/*.{outages,configured}.ts', 'fixtures/peers/*.compared.ts'],
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    sequence: { groupOrder: 5 },
  },
};

// Set by the supervisor (bin/acceptance.ts), which alone starts scenarios.
const { ACCEPTANCE_RUN: run, ACCEPTANCE_PROOF: proof, SHUFFLED_SCENARIOS: shuffled } = process.env;
// The longest first, so that none is left alone at the end; the suite's own tests play them in any order.
const sequence = shuffled === undefined ? { sequencer: LongestFirst } : { shuffle: true };
const allureResults = (text: string) => join((JSON.parse(text) as { dir: string }).dir, 'allure-results');

export default defineConfig({
  test: {
    ...(run === undefined ? {} : { sequence }),
    projects: run === undefined && proof === undefined ? [unit, attacks, clients, containers, outages, peers] : [scenarios],
    reporters:
      run === undefined
        ? ['default']
        : ['default', [fileURLToPath(import.meta.resolve('allure-vitest/reporter')), { resultsDir: allureResults(run) }]],
  },
});
