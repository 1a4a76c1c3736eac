import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** What an operator's seat has: qemu-img and file, no Node, no npm. */
const IMAGE = 'acceptance/openstack:epoxy';
const MOST_MIB = 120;
const MIB = 1024 ** 2;

/** Reads what the mock exports line by line, so that nothing is waited for by the clock. */
const SCRIPT = `set -e
cd "$(mktemp -d)"
tar xf /seat/seat.tar.gz
cd acceptance-seat
if command -v node npm; then echo 'node is here'; fi
./acceptance plan --target live --only 2 > plan.txt; echo "plan $?"
mkfifo said
./acceptance mock > said 2> mock.txt &
mock=$!
while read -r line; do
  eval "$line"
  case $line in *ACCEPTANCE_HOSTS=*) break ;; esac
done < said
set +e
./acceptance doctor --target live > doctor.txt 2>&1; echo "doctor $?"
./acceptance --target live --clients rest --flavor m1.small --only create,extend --yes > run.txt 2>&1; echo "run $?"
grep -c 'npm run' doctor.txt run.txt
cat doctor.txt run.txt
./acceptance prove > prove.txt 2>&1; echo "prove $?"
cat prove.txt
kill $mock
wait $mock; echo "mock $?"
`;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acc-seat-'));
  await execa(process.execPath, ['scripts/pack-seat.ts', '--out', join(folder, 'seat.tar.gz')], { cwd: ROOT });
  writeFileSync(join(folder, 'try.sh'), SCRIPT, { mode: 0o755 });
  await execa('chmod', ['755', folder]);
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the seat file is small enough to be handed on', () => {
  expect(statSync(join(folder, 'seat.tar.gz')).size / MIB).toBeLessThanOrEqual(MOST_MIB);
});

test.for(['0:0', '1000:1000'])(
  'unpacked by user %s without Node and without a network, it plans, looks and runs',
  async (user) => {
    const mounted = ['-v', `${folder}:/seat:ro`, '--entrypoint', 'sh'];
    const args = ['run', '--rm', '--network', 'none', '--user', user, '-e', 'HOME=/tmp', ...mounted, IMAGE, '/seat/try.sh'];
    const { stdout } = await execa('docker', args, { reject: false });

    expect(stdout).toMatch(/^plan 0$/m);
    expect(stdout).toMatch(/^doctor 0$/m);
    expect(stdout).toMatch(/^run 0$/m);
    expect(stdout).toContain('ACCEPTED');
    expect(stdout).toMatch(/^mock 0$/m);
    expect(stdout).not.toContain('node is here');
    expect(stdout).toMatch(/^doctor\.txt:0\nrun\.txt:0$/m);
    expect(stdout).toMatch(/^prove 2\nthis is only in the sources of the suite\n/m);
  },
);
