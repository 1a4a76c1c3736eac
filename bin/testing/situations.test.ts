import { expect, test } from 'vitest';
import { NotApplicable } from '../../fixtures/scenario/witness.ts';
import { CannotRun, CouldNotCheck, Failure } from '../../helpers/failure.ts';
import { toJunit } from '../../reports/sign-off/junit.ts';
import { renderVerdict } from '../../reports/terminal/render-verdict.ts';
import { plain } from '../../reports/terminal/text.ts';
import {
  ALARM,
  after,
  type Body,
  before,
  client,
  cut,
  differs,
  holds,
  inCheck,
  inGate,
  judged,
  refused,
  silent,
  storpool,
  throwing,
} from './judged-scene.ts';

const late = new Failure('gave up waiting for volume v to be available', { saw: 'creating' }, 'Cinder left no message.');

type Row = readonly [
  situation: string,
  body: Body,
  outcome: string,
  cause: RegExp | undefined,
  remedy: string | RegExp | undefined,
  exitCode: number,
];

const DENIED = /roles in the project allow this in/;
const LOGS = /^Look into the logs of/;
const MISSING = /^Check whether somebody else deleted it/;
const RATE = /quota and the rate limits of/;
const REASON = /^Look at the reason that/;
const DEFECT = 'Report this: it is a defect of the suite.';

const table: readonly Row[] = [
  ['all is well', inCheck(holds), 'passed', undefined, undefined, 0],
  ['an assertion does not hold', inCheck(differs), 'failed', /^one thing is not as claimed\n {2}size: 1, expected 2$/, ALARM, 1],
  [
    'two do not',
    inCheck((see) => [differs(see), see.that('bytes', false, 'x', 'y')]),
    'failed',
    /^2 things are[\s\S]*bytes: x, expected y$/,
    ALARM,
    1,
  ],
  [
    'layers disagree',
    inCheck((see) => see.agree('size', { Cinder: 1, StorPool: 2 })),
    'failed',
    /"StorPool":2.*the same in every layer/,
    ALARM,
    1,
  ],
  [
    'an assertion does not hold, and then a detach is stuck',
    after(differs, late),
    'failed',
    /^one thing is[\s\S]*and then: gave up waiting/,
    ALARM,
    1,
  ],
  [
    'all assertions hold, and then a detach is stuck',
    after(holds, late),
    'failed',
    /^gave up waiting for volume v/,
    late.advice,
    1,
  ],
  ['nothing was looked at', inCheck(() => undefined), 'could-not-check', /looked at nothing/, DEFECT, 1],
  ['only notes were taken', inCheck((see) => see.note('a', 1)), 'could-not-check', /looked at nothing/, DEFECT, 1],
  [
    'it does not apply',
    inCheck(throwing(new NotApplicable('one hypervisor'))),
    'not-applicable',
    /^one hypervisor$/,
    undefined,
    0,
  ],
  [
    'it cannot be seen',
    inCheck(throwing(new CouldNotCheck('Cinder hides it', {}, 'Be an administrator.'))),
    'could-not-check',
    /^Cinder hides it$/,
    'Be an administrator.',
    1,
  ],
  ['a deadline', inCheck(throwing(late)), 'failed', /^gave up waiting[\s\S]*saw: creating$/, late.advice, 1],
  [
    'a hopeless state',
    inCheck(throwing(new Failure('volume v cannot come true any more: error', {}, 'Cinder says: no space'))),
    'failed',
    /cannot come true/,
    'Cinder says: no space',
    1,
  ],
  [
    'a create is refused with 400',
    inCheck(throwing(refused('POST', 400))),
    'failed',
    /^Cinder refused POST \/x with 400: no/,
    REASON,
    1,
  ],
  ['a create is refused with 403', inCheck(throwing(refused('POST', 403))), 'failed', /with 403/, DENIED, 1],
  [
    'an operator lets this user not do it',
    inCheck(throwing(refused('POST', 403, 'Cinder', "Policy doesn't allow volume:retype to be performed."))),
    'could-not-check',
    /with 403: Policy/,
    "Let this user do volume:retype (Cinder's policy.yaml), or run as one who may.",
    1,
  ],
  ['a create is refused with 413', inCheck(throwing(refused('POST', 413))), 'failed', /with 413/, RATE, 1],
  [
    'a create is answered with 500',
    inCheck(throwing(refused('POST', 500))),
    'failed',
    /with 500/,
    'Look into the logs of Cinder: grep req-1.',
    1,
  ],
  ['a delete is refused with 409', inCheck(throwing(refused('DELETE', 409))), 'failed', /DELETE \/x with 409/, REASON, 1],
  ['a look is denied with 401', inCheck(throwing(refused('GET', 401))), 'could-not-check', /with 401/, DENIED, 1],
  [
    'a look is denied with 403',
    inCheck(throwing(refused('GET', 403, 'Nova'))),
    'could-not-check',
    /^Nova refused GET/,
    DENIED,
    1,
  ],
  ['a look is put off with 429', inCheck(throwing(refused('GET', 429))), 'could-not-check', /with 429/, RATE, 1],
  [
    'a look is answered with 503',
    inCheck(throwing(refused('GET', 503, 'Glance'))),
    'could-not-check',
    /^Glance refused GET/,
    LOGS,
    1,
  ],
  ['what is looked for is not there', inCheck(throwing(refused('GET', 404))), 'failed', /with 404/, MISSING, 1],
  [
    'StorPool refuses an attach',
    inCheck(throwing(storpool('POST', 400, 'busy'))),
    'failed',
    /^StorPool refused Call: busy: why/,
    /./,
    1,
  ],
  [
    'StorPool does not know the volume',
    inCheck(throwing(storpool('GET', 500, 'objectDoesNotExist'))),
    'failed',
    /objectDoesNotExist/,
    /./,
    1,
  ],
  ['StorPool cannot tell', inCheck(throwing(storpool('GET', 500, 'internal'))), 'could-not-check', /internal/, /./, 1],
  [
    'no answer in time',
    inCheck(throwing(silent(35_012))),
    'could-not-check',
    /^no answer from Cinder for 35 s\n/,
    /Cinder runs and can be reached/,
    1,
  ],
  [
    'nothing listens',
    inCheck(throwing(cut('ECONNREFUSED'))),
    'could-not-check',
    /^StorPool does not answer: nothing listens there/,
    /SP_API_HTTP_HOST/,
    1,
  ],
  ['a connection is cut', inCheck(throwing(cut('ECONNRESET'))), 'could-not-check', /the connection was cut/, /SP_API/, 1],
  [
    'a tool is missing',
    inCheck(throwing(new CannotRun('no qemu-img', {}, 'Install it.'))),
    'could-not-check',
    /^no qemu-img$/,
    'Install it.',
    1,
  ],
  [
    'glance fails after its table',
    inCheck(throwing(client('glance image-create', '+--+\n| os_hash_value | None |\n+--+', 'HTTP 500 broken'))),
    'failed',
    /^glance did not do it: HTTP 500 broken\n/,
    'Look into the logs of Glance.',
    1,
  ],
  [
    'cinder refuses',
    inCheck(throwing(client('cinder delete v', 'Invalid volume (HTTP 400) (Request-ID: req-1)', 'ERROR: Unable to delete any.'))),
    'failed',
    /^cinder did not do it: Invalid volume \(HTTP 400\)/,
    'Look at the reason that Cinder gives.',
    1,
  ],
  [
    'a client hangs',
    inCheck(throwing(client('nova list', '', '', { timedOut: true, exitCode: undefined }))),
    'failed',
    /it took too long/,
    /see what it waits for/,
    1,
  ],
  [
    'a client crashes',
    inCheck(throwing(client('nova list', '', 'Traceback (most recent call last):'))),
    'failed',
    /Traceback/,
    /The client itself crashed/,
    1,
  ],
  [
    'the suite itself has an error',
    inCheck(throwing(new TypeError('x of undefined'))),
    'could-not-check',
    /^x of undefined\n {4}at /,
    DEFECT,
    1,
  ],
  [
    'the time of a scenario is over',
    inCheck(throwing(new DOMException('aborted', 'AbortError'))),
    'could-not-check',
    /^aborted$/,
    undefined,
    1,
  ],
  ['a gate does not hold', inGate(differs), 'failed blocked', /^one thing is not as claimed/, ALARM, 1],
  ['a gate cannot be looked at', inGate(throwing(refused('GET', 503))), 'could-not-check blocked', /with 503/, LOGS, 1],
  [
    'the quota is full',
    before(refused('POST', 413, 'Cinder', 'VolumeLimitExceeded')),
    'blocked blocked',
    /VolumeLimitExceeded/,
    RATE,
    1,
  ],
  ['preparing is stuck', before(late), 'blocked blocked', /^gave up waiting/, late.advice, 1],
  ['preparing reaches nobody', before(silent(5000)), 'blocked blocked', /^no answer from Cinder for 5 s/, /can be reached/, 1],
  ['the suite errs while preparing', before(new TypeError('x of undefined')), 'blocked blocked', /^x of undefined/, DEFECT, 1],
  [
    'a scenario ends without looking',
    async () => undefined,
    'could-not-check could-not-check',
    /ended without looking at it/,
    undefined,
    1,
  ],
];

test('there are forty situations and more', () => expect(table.length).toBeGreaterThanOrEqual(40));

test.for(table)('%s', async ([, body, outcome, cause, remedy, exitCode]) => {
  const verdict = await judged(body);
  const [zero, size] = verdict.checks;
  const outcomes = outcome.includes(' ') ? [zero?.outcome, size?.outcome] : [zero?.outcome];

  expect(outcomes.join(' ')).toBe(outcome);
  expect(verdict.exitCode).toBe(exitCode);
  expect(zero?.cause ?? '').toMatch(cause ?? /^$/);
  expect(zero?.remedy ?? '').toMatch(remedy ?? /^$/);
  if (remedy !== ALARM) {
    const told = [renderVerdict(verdict, { sweepCommand: 'npm run sweep', palette: plain, columns: 400 }), toJunit(verdict)];
    expect(told.filter((text) => text.includes(ALARM))).toEqual([]);
  }
});

test.for(table)('as a person reads it, cause and remedy are told once: %s', async ([, body]) => {
  const verdict = await judged(body);
  const text = renderVerdict(verdict, { sweepCommand: 'npm run sweep', palette: plain, columns: 400 });

  const counts = verdict.causes.map(({ cause, remedy = '→' }) => [
    text.split(cause.split('\n', 1)[0] ?? '').length - 1,
    remedy === '→' ? 1 : text.split(`→ ${remedy}`).length - 1,
  ]);
  expect(counts).toEqual(verdict.causes.map(() => [1, 1]));
  expect(text).not.toMatch(/\n\s*→ *\n/);
});
