import { readPythonJson } from '../../config/python/document.ts';
import { isTable } from '../../config/python/values.ts';
import type { CommandResult } from '../command-result.ts';
import type { Groups } from './ansible-groups.ts';
import { NotUnderstood } from './unknown-inventory.ts';
import { fromListing } from './yaml-inventory.ts';

/** Runs `ansible-inventory`; absent when Ansible is not to be used. */
export type RunTool = (argv: readonly string[]) => Promise<CommandResult>;

/** `env`, which starts it, and shells say that a command is not there. */
const NOT_THERE = new Set([126, 127]);
/** Else a file that cannot be read is an inventory without hosts, which ends well. */
const STRICT = ['ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=True', 'ANSIBLE_NOCOLOR=1'];
/** It asks for no password: variables beside an inventory are read, too, where nobody needs them. */
const SEALED = /no vault secrets|Decryption failed/i;
const UNSEAL = 'Name a file with the password of the vault: export ANSIBLE_VAULT_PASSWORD_FILE=FILE';

/** What `ansible-inventory` makes of it; undefined where that is not installed. What it warns of is told. Throws NotUnderstood in its words. */
export async function fromTool(path: string, run: RunTool, tell: (line: string) => void): Promise<Groups | undefined> {
  const result = await run(['env', ...STRICT, 'ansible-inventory', '-i', path, '--list']);
  if (result.exitCode === undefined || NOT_THERE.has(result.exitCode)) {
    return;
  }
  const messages = messagesIn(result.stderr);
  if (result.exitCode !== 0) {
    const why = messages.join('; ') || `nothing, and ends with ${result.exitCode}`;
    throw new NotUnderstood(`ansible-inventory says: ${why}`, SEALED.test(result.stderr) ? UNSEAL : undefined);
  }
  for (const message of messages) {
    tell(`ansible-inventory says: ${message}`);
  }
  const document = readPythonJson(result.stdout);
  if (!isTable(document)) {
    throw new NotUnderstood('what ansible-inventory printed is no mapping');
  }
  return fromListing(document);
}

/** Ansible folds its messages, and goes on to quote lines of the file, in which passwords stand. */
function messagesIn(stderr: string): string[] {
  const all = stderr
    .split(/^(?=\[WARNING\]|\[DEPRECATION|\[ERROR\]|ERROR!)/m)
    .filter((text) => /^\[WARNING\]|^\[ERROR\]|^ERROR!/.test(text));
  const told = all.map((text) =>
    text
      .replace(/The (?:offending|error appears)[\s\S]*/, '')
      .replace(/^(?:\[\w+\]:?|ERROR!)\s*/, '')
      .replace(/\s+/g, ' ')
      .replace(/\b(?:got|found|definition|entry|pattern|supplied|near)\b(?=:? ).*/, (rest) => `${/^\w+/.exec(rest)?.[0] ?? ''} …`)
      .replace(/'[^']*'|"[^"]*"/g, '…')
      .trim(),
  );
  return [...new Set(told.filter((text) => text !== ''))];
}
