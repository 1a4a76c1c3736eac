import { expect, test } from 'vitest';
import { greenLines, reporting, sampleManifest, sampleVerdict } from '../testing/sample-run.ts';
import { renderVerdict } from './render-verdict.ts';

const options = { reportPath: 'reports/runs/r1/allure/index.html', sweepCommand: 'npm run sweep -- r1' };

test('an accepted run is told in a few lines', () => {
  expect(renderVerdict(sampleVerdict(), options)).toBe(`ACCEPTED  6 checks on embedded cluster in 6.5 s
  6 passed

  2 Set up the Cinder volume backend: ✔ 4 passed
  5 Create snapshots: ✔ 1 passed
  The run itself: ✔ 1 passed

12 assertions, 6 requests, 0 commands, 3 waits (9 polls, 120 ms)
report: reports/runs/r1/allure/index.html
`);
});

test('what the command-line clients cost is told, over all scenarios', () => {
  const clients = { calls: 10, ms: 6250 };
  const lines = greenLines().map((each) => (each.type === 'scenario' && each.state === 'ended' ? { ...each, clients } : each));
  const ended = lines.filter((each) => 'clients' in each).length;

  const verdict = sampleVerdict({ lines });

  expect(verdict.traffic.clients).toEqual({ calls: 10 * ended, ms: 6250 * ended });
  expect(renderVerdict(verdict, options)).toMatch(/\n\d+ client calls took [\d.]+ s in all, mostly to start\n/);
});

test('a rejected run tells each cause with its details and what to do, and sums up what it blocked', () => {
  const cause = 'Cinder and StorPool disagree on the size\n  Cinder: 20 GiB\n  StorPool: 10 GiB';
  const lines = reporting('extend.size', { outcome: 'failed', cause }).map((each) =>
    each.type === 'check' && ['extend.data', 'snapshot.frozen'].includes(each.check)
      ? { ...each, outcome: 'blocked', by: 'extend.size', cause: 'blocked by extend.size' }
      : each,
  );
  expect(
    renderVerdict(sampleVerdict({ lines, runner: { exitCode: 1, signal: null } }), options),
  ).toBe(`REJECTED  6 checks on embedded cluster in 6.5 s
  3 passed, 1 failed, 2 blocked

  2 Set up the Cinder volume backend: ✔ 2 passed, ✖ 1 failed, ⊘ 1 blocked
  5 Create snapshots: ⊘ 1 blocked
  The run itself: ✔ 1 passed

✖ extend.size: Cinder, StorPool and the device agree on the new size
    Cinder and StorPool disagree on the size
      Cinder: 20 GiB
      StorPool: 10 GiB
    → Read cinder-volume.log on the controller, looking for “extend”.
    guide, Set up the Cinder volume backend: cinder extend 10
⊘ 2 checks blocked by extend.size
    extend.data, snapshot.frozen

12 assertions, 6 requests, 0 commands, 3 waits (9 polls, 120 ms)
report: reports/runs/r1/allure/index.html
`);
});

test('checks that a dead scenario never reached are told together', () => {
  const lines = greenLines().filter(({ scenario }) => scenario !== 'create');
  const text = renderVerdict(sampleVerdict({ lines, runner: { exitCode: 1, signal: null } }), options);
  expect(text).toContain(`NOT ACCEPTED (incomplete)  6 checks on embedded cluster in 6.5 s
  4 passed, 2 could not be checked`);
  expect(text).toContain(`? create.available: the volume becomes available
? create.size: the volume has the size that was asked for
    its scenario “Create a volume” never started (the test runner ended with
    exit code 1)

`);
});

test('leaks come with the command that removes them', () => {
  const leak = { layer: 'cinder', kind: 'volume', id: 'v1', name: 'acc-r1-extend-1' };
  const leaks = [
    { ...leak, unswept: true },
    { ...leak, layer: 'storpool', unswept: false },
  ];
  expect(renderVerdict(sampleVerdict({ leaks }), options)).toContain(`Left behind:
  cinder volume acc-r1-extend-1 (v1)
  storpool volume acc-r1-extend-1 (v1), removed afterwards
  → npm run sweep -- r1
`);
});

test('a run that could not begin tells why and nothing else', () => {
  const cannotRun = 'StorPool refused the token\n  url: http://127.0.0.1:81\n  → Compare SP_AUTH_TOKEN with storpool.conf.';
  const text = renderVerdict(sampleVerdict({ lines: [], cannotRun }), { sweepCommand: 'npm run sweep' });
  expect(text).toBe(`COULD NOT RUN  on embedded cluster
  StorPool refused the token
    url: http://127.0.0.1:81
    → Compare SP_AUTH_TOKEN with storpool.conf.
`);
});

test('what does not apply is told with its reason, and colours only come from the palette', () => {
  const lines = reporting('extend.data', { outcome: 'not-applicable', cause: 'loop devices need root' });
  const text = renderVerdict(sampleVerdict({ lines }), { ...options, palette: (style, part) => `<${style}>${part}</>` });
  expect(text).toContain('<dim>– extend.data does not apply: loop devices need root</>');
  expect(text).toContain('<bold><green>ACCEPTED</></>');
  expect(text).not.toContain('\u001b');
});

test('everything but names to copy fits in 80 columns', () => {
  const long = 'Afterwards Cinder, Nova, Glance, StorPool and the hosts hold nothing of this run, and nothing else was changed';
  const manifest = {
    ...sampleManifest,
    chapters: sampleManifest.chapters.map((chapter) => ({
      ...chapter,
      title: 'Fill in a Cinder volume directly using `dd` or `qemu-img`',
    })),
    checks: sampleManifest.checks.map((check) => ({ ...check, claim: long, remedy: long, guide: { section: long, line: long } })),
  };
  const lines = reporting('extend.size', { outcome: 'failed', cause: long }).filter(({ scenario }) => scenario !== 'create');
  const text = renderVerdict(sampleVerdict({ manifest, lines, runner: { exitCode: 7, signal: null } }), options);
  expect(text.split('\n').filter(({ length }) => length > 80)).toEqual([]);
});

test('whoever must look further is told where the logs of the services are', () => {
  const text = renderVerdict(sampleVerdict(), { ...options, logsPath: 'reports/runs/r1/services' });
  expect(text).toMatch(/\nlogs of the services: reports\/runs\/r1\/services\/, and in the report under Attachments\n$/);
});

test('a partial run is told as one, and what to do next stands at the end', () => {
  const verdict = sampleVerdict({ selection: ['create.available', 'create.size', 'run.nothing-left'] });
  const text = renderVerdict(verdict, { ...options, next: ['Play it again: npm run acceptance -- --last-failed'] });
  expect(text).toContain('\n  partial: 3 checks of the guide not selected\n');
  expect(text).toMatch(/\n\n→ Play it again: npm run acceptance -- --last-failed\n$/);
});
