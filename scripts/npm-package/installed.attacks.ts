import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../../fixtures/mock/http/send.ts';
import type { MockFacts } from '../../fixtures/mock/standalone.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NAME = 'storpool-openstack-acceptance';

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

let folder: string;
let files: readonly string[];
let manifest: Manifest;

/** Lays the tarball out as npm does, without asking a registry: what it declares as its dependencies is linked, and nothing else is there. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acc-npm-'));
  const modules = join(folder, 'node_modules');
  const here = join(modules, NAME);
  mkdirSync(join(modules, '.bin'), { recursive: true });
  mkdirSync(here);
  await execa('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const { stdout } = await execa('tar', ['xvzf', join(folder, tarball), '-C', here, '--strip-components', '1']);
  files = stdout.split('\n').map((path) => path.replace('package/', ''));
  manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as Manifest;
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const [name, path] of Object.entries(manifest.bin)) {
    symlinkSync(join(here, path), join(modules, '.bin', name));
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What docs/mock.md tells to type in that language. */
const documented = (language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(join(ROOT, 'docs', 'mock.md'), 'utf8'))?.[1] ?? '';

const call = (command: string, ...args: readonly string[]) =>
  execa(join(folder, 'node_modules', '.bin', command), args, { cwd: folder, reject: false, env: { NODE_OPTIONS: '' } });

test('the tarball holds the suite and its papers, and neither TypeScript nor tests nor tools of developers', () => {
  expect(files).toEqual(
    expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/mock.md', 'dist/acceptance.1', 'dist/bin/main.js']),
  );
  expect(files.filter((path) => /(?<!\.d)\.ts$|\/testing\/|\.(?:test|attacks|clients|peers|bench)\.js$/.test(path))).toEqual([]);
  expect(files.filter((path) => !/^(?:dist|docs)\//.test(path)).toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'package.json',
  ]);
  expect(existsSync(join(ROOT, 'dist'))).toBe(false);
});

test('installed in an empty folder, it tells its version, plans, and plays a run whose folder is there', async () => {
  expect(await call('acceptance', '--version')).toMatchObject({ exitCode: 0, stdout: manifest.version });
  expect(await call(NAME, 'plan')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Ask Keystone') });

  const run = await call('acceptance', '--only', 'delete', '--clients', 'rest');

  expect(run.stdout).toContain('ACCEPTED');
  expect(run.exitCode).toBe(0);
  const [id = ''] = readdirSync(join(folder, 'reports', 'runs'));
  expect(readdirSync(join(folder, 'reports', 'runs', id))).toEqual(
    expect.arrayContaining(['verdict.json', 'sign-off.html', 'allure']),
  );
  expect(await call('acceptance', 'report')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(id) });
});

test('it advises its commands as they are typed there, also when what is asked for was not packed', async () => {
  expect(await call('acceptance', 'compare', 'none')).toMatchObject({
    exitCode: 2,
    stderr: expect.not.stringContaining('npm run'),
  });
  expect(await call('acceptance', 'prove')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('only in the sources'),
  });
});

test('mock-storpool serves until it is stopped', async () => {
  const command = execa(join(folder, 'node_modules', '.bin', 'mock-storpool'), ['--json'], { cwd: folder, stderr: 'ignore' });
  for await (const line of command) {
    const { services } = JSON.parse(line) as MockFacts;
    expect(await send(`${services.storpool}/healthz`)).toMatchObject({ status: 200 });
    command.kill('SIGTERM');
  }
  expect(await command).toMatchObject({ exitCode: 0 });
});

test('the documented test for Node passes where the package is installed, and TypeScript knows its types', async () => {
  writeFileSync(join(folder, 'mine.test.mjs'), documented('js'));
  const use = `import { startMock, type Mock } from '${NAME}/mock';
await using mock: Mock = await startMock({ portBase: 9000 });
// @ts-expect-error there is no such option
await startMock({ port: mock.storpool.port });
`;
  writeFileSync(join(folder, 'use.mts'), use);
  const types = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext', '--types', ''];

  const played = await execa(process.execPath, ['--test', 'mine.test.mjs'], {
    cwd: folder,
    reject: false,
    env: { NODE_OPTIONS: '' },
  });
  const checked = await execa(join(ROOT, 'node_modules', '.bin', 'tsc'), [...types, 'use.mts'], { cwd: folder, reject: false });

  expect(played).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/pass 1/) });
  expect(checked.stdout).toBe('');
});

/** pytest need not be there: a fixture is a generator that is gone on with at the end. */
const PLAY_FIXTURE = `
import runpy, sys, types, urllib.request
sys.modules["pytest"] = types.SimpleNamespace(fixture=lambda **_: lambda function: function)
fixture = runpy.run_path("conftest.py")["mock"]()
address = next(fixture)["services"]["storpool"] + "/healthz"
print(urllib.request.urlopen(address).status)
print(next(fixture, "ended"))
try:
    urllib.request.urlopen(address)
except OSError:
    print("gone")
`;

test('the documented fixture for pytest starts and ends a mock', async () => {
  writeFileSync(join(folder, 'conftest.py'), documented('python'));
  const { stdout, stderr } = await execa('python3', ['-c', PLAY_FIXTURE], { cwd: folder, reject: false });
  expect(stdout.split('\n'), stderr).toEqual(['200', 'ended', 'gone']);
});
