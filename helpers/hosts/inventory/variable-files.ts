import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeUtf8, readPythonYaml } from '../../config/python/document.ts';
import { isTable } from '../../config/python/values.ts';
import { messageOf } from '../../failure.ts';
import { type Groups, groupsOf, type Variables } from './ansible-groups.ts';
import { NotUnderstood } from './unknown-inventory.ts';
import { ansibleTags } from './yaml-inventory.ts';

/**
 * Reads group_vars and host_vars beside an inventory, as Ansible does: of a host and of the groups that it is in, so that files of groups
 * without hosts are not looked at (ansible/ansible@2.14 lib/ansible/plugins/vars/host_group_vars.py). Encrypted files are told. Throws NotUnderstood.
 */
export function layVariableFiles(inventory: Groups, path: string, tell: (line: string) => void): void {
  const folder = dirname(path);
  const used = new Set([...inventory.hosts.keys()].flatMap((host) => groupsOf(inventory, host)));
  for (const [name, { inFiles }] of [...inventory.groups].filter(([group]) => used.has(group))) {
    lay(join(folder, 'group_vars'), name, inFiles, tell);
  }
  for (const [name, variables] of inventory.hosts) {
    lay(join(folder, 'host_vars'), name, variables, tell);
  }
}

/** Ansible looks for these beside a name as it is, in this order, and takes the first that there is. */
const ENDS = ['', '.yml', '.yaml', '.json'];

function lay(folder: string, name: string, variables: Variables, tell: (line: string) => void): void {
  // A name with a slash would lead out of the folder.
  const found = name.includes('/') ? undefined : ENDS.map((end) => join(folder, `${name}${end}`)).find((one) => existsSync(one));
  for (const file of found === undefined ? [] : filesIn(found)) {
    const bytes = readFileSync(file);
    if (bytes.subarray(0, ENCRYPTED.length).toString('latin1') === ENCRYPTED) {
      tell(`${file} is encrypted: what it says of ${name} is not known here`);
    } else {
      for (const [key, value] of contentOf(file, bytes)) {
        variables.set(key, value);
      }
    }
  }
}

const ENCRYPTED = '$ANSIBLE_VAULT;';

/** A file as it is; of a folder all that Ansible takes for variables, in its order. */
function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  const names = readdirSync(path).filter((name) => !name.startsWith('.') && !name.endsWith('~'));
  return names.toSorted().flatMap((name) => {
    const inside = join(path, name);
    return statSync(inside).isDirectory() || /(?:^[^.]+|\.ya?ml|\.json)$/.test(name) ? filesIn(inside) : [];
  });
}

function contentOf(file: string, bytes: Uint8Array): Variables {
  try {
    const { value } = readPythonYaml(decodeUtf8(bytes), ansibleTags);
    if (value !== null && !isTable(value)) {
      throw new Error('it is no mapping');
    }
    return new Map([...(value ?? [])].map(([key, one]) => [String(key), one]));
  } catch (error) {
    throw new NotUnderstood(`${file}: ${messageOf(error)}`);
  }
}
