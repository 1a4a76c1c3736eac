import type { Subcommand } from './tree.ts';

export const SHELLS = ['bash', 'zsh'] as const;

const FOR_ZSH = `autoload -U +X compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
`;

/** What may stand after an option, by the option. */
export type Values = Readonly<Record<string, readonly string[]>>;

/**
 * A script for that shell which completes the command's words: to be sourced by bash or zsh, or put where they look for such files. zsh takes bash's
 * by its own bashcompinit (zshcompsys(1)).
 */
export function completion(shell: (typeof SHELLS)[number], subcommands: readonly Subcommand[], values: Values): string {
  const script = forBash(subcommands, values);
  return shell === 'bash' ? script : `#compdef acceptance\n${FOR_ZSH}${script}`;
}

function forBash(subcommands: readonly Subcommand[], values: Values): string {
  const names = subcommands.map(({ name }) => name);
  const byDefault = subcommands.find(({ isDefault }) => isDefault)?.name ?? '';
  const optionsOf = ({ options }: Subcommand) => ['--help', ...options.map(({ long }) => long)].join(' ');
  return `# Completes the words of \`acceptance\`, as its version tells them.
_acceptance() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=${byDefault} named= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${names.join('|')}) command=\${COMP_WORDS[i]} named=yes; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $prev" in
${subcommands.flatMap((one) => afterOptions(one, values)).join('\n')}
  esac
  case $command in
${subcommands.map((one) => `    ${one.name}) words='${[optionsOf(one), ...one.choices].join(' ')}' ;;`).join('\n')}
  esac
  if [ -z "$named" ]; then words="$words --version ${names.join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o filenames -F _acceptance acceptance
`;
}

/** What follows an option that takes something: a file, one of some words, or what only the person knows. */
function afterOptions({ name, options }: Subcommand, values: Values): string[] {
  return options
    .filter(({ takes }) => takes !== 'nothing')
    .map(({ long, takes, choices }) => {
      const words = choices.length > 0 ? choices : (values[long] ?? []);
      const compgen = takes === 'a file' ? 'compgen -f' : `compgen -W '${words.join(' ')}'`;
      return `    "${name} ${long}") COMPREPLY=($(${compgen} -- "$cur")); return ;;`;
    });
}
