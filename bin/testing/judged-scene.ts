import { noDrawing } from '../../fixtures/proof/fault-trial.ts';
import { Recorder } from '../../fixtures/scenario/recorder.ts';
import { runbook } from '../../fixtures/scenario/runbook.ts';
import { Stage } from '../../fixtures/scenario/stage.ts';
import type { Witness } from '../../fixtures/scenario/witness.ts';
import type { Manifest } from '../../helpers/claims.ts';
import { ClientFailure } from '../../helpers/commands/client-failure.ts';
import { legacyCommands } from '../../helpers/commands/commands.ts';
import { type Evidence, memorySink } from '../../helpers/evidence.ts';
import { HttpFailure, Unreachable } from '../../helpers/http/http-failure.ts';
import { StorpoolFailure } from '../../helpers/storpool/api.ts';
import { sampleVerdict } from '../../reports/testing/sample-run.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';

const guide = { section: 'Set up', line: 'cinder create' };
/** What only an assertion may say. */
export const ALARM = 'Stop using the cluster.';
const book = runbook({
  id: 'create',
  chapter: 2,
  title: 'A volume is made',
  makes: {},
  steps: { make: { title: 'Make it' }, look: { title: 'Look' }, detach: { title: 'Detach it' } },
  checks: {
    'create.zero': { claim: 'It is zero', guide, remedy: ALARM },
    'create.size': { claim: 'It has its size', guide, remedy: 'Compare both.' },
  },
});
const manifest: Manifest = {
  fields: [],
  chapters: [{ number: 2, folder: '2-cinder-backend', title: 'Set up' }],
  scenarios: [book],
  checks: Object.entries(book.checks).map(([id, check]) => ({ id, scenario: book.id, ...check })),
};

type Scene = Pick<Stage<never, 'make' | 'look' | 'detach', 'create.zero' | 'create.size'>, 'step' | 'check' | 'gate'>;
export type Body = (scene: Scene) => Promise<void>;

/** Plays a body and judges its run. */
export async function judged(body: Body): Promise<Verdict> {
  const lines: Evidence[] = [];
  const parts = { runbook: book, run: 'table000', sink: memorySink(lines), recorder: new Recorder(), drawing: noDrawing };
  const promises = { nic: 'none', prefix: 'os' };
  const stage = new Stage({ ...parts, commands: legacyCommands, promises, selected: () => true });
  const isRed = await stage
    .play(() => body(stage as unknown as Scene))
    .then(
      () => false,
      () => true,
    );
  return sampleVerdict({ manifest, lines, runner: { exitCode: isRed ? 1 : 0, signal: null } });
}

export const refused = (method: string, status: number, service = 'Cinder', said = 'no') =>
  new HttpFailure({ service, method, path: '/x', status, requestId: 'req-1', said, body: undefined });
export const storpool = (method: 'GET' | 'POST', status: number, name: string) =>
  new StorpoolFailure({ method, path: '/Call' }, status, { name, descr: 'why', transient: false });
export const client = (command: string, stdout: string, stderr: string, more: object = {}) =>
  new ClientFailure(command, { stdout, stderr, exitCode: 1, timedOut: false, ...more });
export const silent = (ms: number) =>
  new Unreachable({ service: 'Cinder', method: 'POST', url: 'http://x', ms }, new DOMException('late', 'TimeoutError'));
export const cut = (code: string) =>
  new Unreachable({ service: 'StorPool', method: 'GET', url: 'http://x', ms: 3 }, Object.assign(new Error('x'), { code }));

export const holds = (see: Witness) => see.equal('size', 1, 1);
export const differs = (see: Witness) => see.equal('size', 1, 2);
export const throwing = (error: unknown) => (): never => {
  throw error;
};
/** What a check meets when it looks; the other one is well. */
export const inCheck =
  (look: (see: Witness) => void): Body =>
  async ({ check }) => {
    await check('create.zero', look);
    await check('create.size', holds);
  };
export const inGate =
  (look: (see: Witness) => void): Body =>
  async ({ gate, check }) => {
    await gate('create.zero', look);
    await check('create.size', holds);
  };
/** What is met while it is prepared. */
export const before =
  (error: unknown): Body =>
  async ({ step, check }) => {
    await step('make', throwing(error));
    await check('create.zero', holds);
    await check('create.size', holds);
  };
/** What is met once a check has seen its assertions. */
export const after = (see: (see: Witness) => void, error: unknown) =>
  inCheck((witness) => {
    see(witness);
    throw error;
  });
