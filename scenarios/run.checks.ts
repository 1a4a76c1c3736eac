import type { Check } from '../helpers/claims.ts';

/** Checks that no scenario evaluates but the run as a whole. */
export const runChecks: readonly Check[] = [
  {
    id: 'run.nothing-left',
    scenario: 'run',
    claim: 'Afterwards Cinder, Nova, Glance, StorPool and the hosts hold nothing of this run, and nothing else was changed',
    guide: {
      section: 'Fill in a Cinder volume directly using `dd` or `qemu-img`',
      line: 'ONLY do this if you are sure that nothing else needs the volume',
    },
    remedy: 'Run `npm run sweep`: it removes what this run made, and nothing else.',
  },
];
