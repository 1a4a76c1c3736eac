import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { excuseFor, scenariosFor } from './what-is-mutated.ts';

const SAMPLE = `class units:
    Gi, Mi = 1024, 1


class Driver:
    def __init__(self):
        self.asked = []

    def create(self, volume):
        """Makes one."""
        LOG.debug('makes %s', {'name': volume})
        if volume is None:
            raise ValueError({'volume': volume})
        self.asked.append({'name': volume, 'size': 3 * units.Gi})
        return True

    def never(self):
        return 1
`;
const ASK = `
import json, sys
from os_brick import sample
found = {}
for mutant in [''] + json.loads(sys.argv[1]):
    open(sys.argv[2], 'w').write(mutant)
    driver = sample.Driver()
    try:
        found[mutant] = [driver.create('a'), driver.asked]
    except ValueError:
        found[mutant] = 'refused'
print(json.dumps(found))
`;

/** What each changed driver does, by what was changed in it. */
function playedMutants(): Record<string, unknown> {
  const site = mkdtempSync(join(tmpdir(), 'acc-mutate-'));
  const python = (...argv: string[]) =>
    JSON.parse(execFileSync('python3', argv, { encoding: 'utf8', cwd: site, env: { PATH: '/usr/bin:/bin', PYTHONPATH: site } }));
  try {
    mkdirSync(join(site, 'os_brick'));
    writeFileSync(join(site, 'os_brick/__init__.py'), '');
    const file = 'os_brick/sample.py';
    writeFileSync(join(site, file), SAMPLE);
    const made = python(join(import.meta.dirname, 'mutate.py'), JSON.stringify({ [file]: ['never'] }));
    const chosen = join(site, 'mutant');
    writeFileSync(
      join(site, file),
      `import logging\nLOG = logging.getLogger()\n${made.files[file].replace('/run/acceptance/mutant', chosen)}`,
    );
    const mutants = made.mutants as { id: string; what: string; function: string }[];
    expect(mutants.map((one) => one.function)).toEqual(mutants.map(() => 'create'));
    const found = python('-c', ASK, JSON.stringify(mutants.map(({ id }) => id)), chosen);
    return { unchanged: found[''], ...Object.fromEntries(mutants.map(({ id, what }) => [what, found[id]])) };
  } finally {
    rmSync(site, { recursive: true });
  }
}

test('each change is in one place, is felt as soon as it is chosen, and what only talks is left alone', () => {
  const asked = (...what: object[]) => [true, what];

  expect(playedMutants()).toEqual({
    unchanged: asked({ name: 'a', size: 3072 }),
    'the contrary of volume is None': 'refused',
    "without self.asked.append({'name': volume, 'size': 3 * units.Gi})": asked(),
    "without 'name' in {'name': volume, 'size': 3 * units.Gi}": asked({ size: 3072 }),
    "without 'size' in {'name': volume, 'size': 3 * units.Gi}": asked({ name: 'a' }),
    "'sizeAdd' for 'size'": asked({ name: 'a', sizeAdd: 3072 }),
    'only 3 of 3 * units.Gi': asked({ name: 'a', size: 3 }),
    'units.Mi for units.Gi': asked({ name: 'a', size: 3 }),
    'return False for return True': [false, [{ name: 'a', size: 3072 }]],
  });
});

test('a change is played where it is carried out', () => {
  expect(scenariosFor({ function: 'revert_to_snapshot' })).toEqual(['revert']);
  expect(scenariosFor({ function: 'connect_volume' })).toContain('image');
});

test('only what no run can see is excused', () => {
  const mutant = { id: 'm1', file: 'cinder/volume/drivers/storpool.py', function: 'create_volume', line: 1 };
  expect(excuseFor({ ...mutant, what: 'swallows storpool_utils.StorPoolAPIError' })).toMatch(/refuses nothing/);
  expect(excuseFor({ ...mutant, what: 'units.Mi for units.Gi' })).toBeUndefined();
});
