import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const SECRET = 'hunter22&more';
const at = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '..', path)).href);
const PREAMBLE = `
  import { maskOutput, writeAsItIs } from ${at('bin/masked-output.ts')};
  import { Redactor } from ${at('helpers/redact.ts')};
  const redactor = new Redactor();
  maskOutput(redactor);
  redactor.learn(${JSON.stringify(SECRET)});
  const secret = ${JSON.stringify(SECRET)};`;

/** What a process says of whose output the mask has been laid. */
async function saying(script: string) {
  const argv = ['--input-type=module', '--eval', PREAMBLE + script];
  const { all, exitCode } = await execa(process.execPath, argv, { all: true, reject: false, env: { NO_COLOR: '1' } });
  return { said: all, exitCode };
}

test.for([
  ['what is written', 'process.stdout.write(secret);', 0],
  ['bytes that are written', 'process.stderr.write(Buffer.from(secret));', 0],
  ['what a library prints', 'console.warn("it is", { password: "unheard-of", secret });', 0],
  ['a warning', 'process.emitWarning(secret);', 0],
  ['an error that nobody caught', 'throw Object.assign(new Error(secret), { body: { secret } });', 1],
  ['a promise that nobody awaited', 'Promise.reject(Object.assign(new Error(secret), { body: secret }));', 1],
  ['an error in a timer', 'setTimeout(() => { throw new Error(secret); });', 1],
] as const)('%s passes the mask', async ([, script, code]) => {
  const { said, exitCode } = await saying(script);

  expect(said).toContain('******');
  expect(said).not.toContain('hunter22');
  expect(said).not.toContain('unheard-of');
  expect(exitCode).toBe(code);
});

test('an error that nobody caught ends what is under way in order, before the process', async () => {
  const { said, exitCode } = await saying(`
    const { Interruption } = await import(${at('bin/run/interruption.ts')});
    const interruption = new Interruption((text) => console.error(text));
    interruption.signal.addEventListener('abort', () => setTimeout(() => {
      console.error('cleaned up');
      process.exitCode = interruption.exitCode;
      interruption[Symbol.dispose]();
    }));
    setTimeout(() => { throw new Error(secret); });`);

  expect(said).toContain('cleaned up');
  expect(said).toContain('******');
  expect(said).not.toContain('hunter22');
  expect(exitCode).toBe(1);
});

test('what would steer a terminal is shown in letters, and colours and the lines that are drawn again are not', async () => {
  const { said } = await saying(String.raw`
    console.error('\x1b]0;title\x07 \x1b[2J \x9b2J gone\rover \u202etxt');
    process.stdout.write('\x1b[31mred\x1b[39m \x1b[2A\x1b[J');`);

  expect(said).toContain(String.raw`\x1b]0;title\x07 \x1b[2J \x9b2J gone\rover \u202etxt`);
  expect(said).toContain('\u001b[31mred\u001b[39m \u001b[2A\u001b[J');
});

test('what is there to be pasted keeps its secret', async () => {
  expect((await saying('writeAsItIs(`export OS_PASSWORD=` + secret);')).said).toBe(`export OS_PASSWORD=${SECRET}`);
});
