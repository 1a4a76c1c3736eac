import type { Command } from 'commander';
import { manifest } from '../../scenarios/manifest.ts';
import { writeAsItIs } from '../masked-output.ts';
import { asTypedHere } from '../seat.ts';
import { completion, type SHELLS, type Values } from './completion.ts';
import { manualPage } from './man.ts';
import { subcommandsOf } from './tree.ts';
import { SECTIONS } from './words.ts';

/** The command that is meant when none is named. */
const BY_DEFAULT = 'run';
const scenarios = ['all', 'beyond-the-guide', ...manifest.scenarios.map(({ id }) => id)];
export const VALUES: Values = {
  '--target': ['embedded', 'container', 'live'],
  '--clients': ['rest', 'legacy', 'openstack'],
  '--nic': ['none', 'auto'],
  '--image': ['canary'],
  '--only': scenarios,
  '--exclude': scenarios,
};

export function printCompletion(program: Command, shell: (typeof SHELLS)[number]): number {
  writeAsItIs(completion(shell, subcommandsOf(program, BY_DEFAULT), VALUES));
  return 0;
}

/** Where there is a manual, the command is installed by its name. */
const byName = (text: string) => asTypedHere(text, { version: '', commit: '', command: 'acceptance' });

export function printManual(program: Command): number {
  const page = manualPage({
    version: program.version() ?? '',
    description: program.description(),
    subcommands: subcommandsOf(program, BY_DEFAULT),
    sections: {
      EXAMPLES: SECTIONS.Examples.map((line) => byName(line).replace(/ {2,}/, '   ')),
      'EXIT STATUS': SECTIONS['Exit codes of a run'],
    },
  });
  writeAsItIs(page);
  return 0;
}
