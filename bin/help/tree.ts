import type { Argument, Command, Option } from 'commander';

/** One of the words that a person types, as the command line itself declares it. */
export interface Subcommand {
  readonly name: string;
  readonly description: string;
  /** `[run...]`, `<file>` */
  readonly usage: string;
  readonly options: readonly Flag[];
  /** What its arguments may be, where that is known. */
  readonly choices: readonly string[];
  readonly isDefault: boolean;
}

interface Flag {
  /** `--only <what...>` */
  readonly flags: string;
  /** `--only` */
  readonly long: string;
  readonly description: string;
  readonly takes: 'nothing' | 'a value' | 'a file';
  readonly choices: readonly string[];
}

const NAMES_FILE = /<(?:file|dir|folder)>/;

/** What a command line consists of; each command takes `--help`. */
export function subcommandsOf(program: Command, byDefault: string): Subcommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    usage: command.registeredArguments.map(argument).join(' '),
    options: command.options.map(flag),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    isDefault: command.name() === byDefault,
  }));
}

function flag({ flags, long, description, argChoices = [] }: Option): Flag {
  const takes = NAMES_FILE.test(flags) ? 'a file' : flags.includes('<') ? 'a value' : 'nothing';
  return { flags, long: long ?? flags, description, takes, choices: argChoices };
}

function argument(of: Argument): string {
  const name = `${of.name()}${of.variadic ? '...' : ''}`;
  return of.required ? `<${name}>` : `[${name}]`;
}
