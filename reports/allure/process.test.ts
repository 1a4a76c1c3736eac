import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../helpers/failure.ts';
import { AllureProcess } from './process.ts';

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'acc-process-'));
  mkdirSync(join(path, 'results'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('an Allure that was started and not needed can be disposed of', async () => {
  const allure = new AllureProcess();
  await expect(allure[Symbol.asyncDispose]()).resolves.toBeUndefined();
});

test('when Allure fails, its last words are told', async () => {
  using temporary = folder();
  writeFileSync(join(temporary.path, 'allurerc.mjs'), 'throw new Error("no such plugin");\n');
  await using allure = new AllureProcess();
  const error = await allure.generate(temporary.path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect(String(error)).toContain('no such plugin');
});

test('a signal ends it at once', async () => {
  using temporary = folder();
  await using allure = new AllureProcess();
  const error = allure.generate(temporary.path, AbortSignal.abort(new Error('Ctrl-C')));
  await expect(error).rejects.toThrow('Ctrl-C');
});
