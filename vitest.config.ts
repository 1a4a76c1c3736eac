import { defineConfig } from 'vitest/config';

const OLDEST_NODE = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  throw new Error(`This suite runs on Node ${OLDEST_NODE} or newer, not ${process.version}: start it with \`npm run …\``);
}

const shared = { expect: { requireAssertions: true }, retry: 0, restoreMocks: true } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{bin,fixtures,helpers,reports,scenarios}/**/*.test.ts'],
          pool: 'threads',
          testTimeout: 20_000,
          sequence: { shuffle: true, groupOrder: 1 },
        },
      },
    ],
  },
});
