import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readSettings } from '../helpers/config/config.ts';
import { planHorizon } from './horizon.ts';

const plan = (options: object, scenarios: readonly string[] = ['horizon']) => planHorizon(readSettings(options, {}), scenarios);

/** A PATH with a browser, or with none. */
function path(hasBrowser: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'acc-path-'));
  if (hasBrowser) {
    writeFileSync(join(folder, 'chromium'), '');
    chmodSync(join(folder, 'chromium'), 0o755);
  }
  vi.stubEnv('PATH', folder);
  return {
    [Symbol.dispose]: () => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    },
  };
}

test('a live Horizon is looked at where it is named, and its address ends with a slash', () => {
  using _ = path(true);
  expect(plan({ target: 'live', horizon: 'https://cloud.example/horizon' })).toEqual({ url: 'https://cloud.example/horizon/' });
  expect(plan({ target: 'live' })).toEqual({ none: expect.stringContaining('--horizon URL') });
});

test('a live Horizon without a browser ends the run before anything is made, unless it is left out', () => {
  using _ = path(false);
  const live = { target: 'live', horizon: 'https://cloud.example/' };
  expect(() => plan(live)).toThrow(/no browser[\s\S]*--exclude horizon/);
  expect(plan(live, ['boot'])).toEqual({ url: 'https://cloud.example/' });
});

test('before the embedded cluster it is only started when it is asked for', () => {
  using _ = path(true);
  const unasked = { none: expect.stringContaining('--horizon embedded') };
  expect(plan({})).toEqual(unasked);
  expect(plan({ only: ['7'] })).toEqual(unasked);
  expect(plan({ horizon: 'embedded' }, ['boot'])).toEqual(unasked);
  for (const asked of [{ horizon: 'embedded' }, { only: ['boot,horizon.launch'] }, { lastFailed: true }]) {
    expect(plan(asked)).not.toEqual(unasked);
  }
});

test('where it cannot be had before the embedded cluster, it is told how', () => {
  using _ = path(false);
  expect(plan({ horizon: 'embedded' })).toEqual({ none: expect.stringContaining('npm run setup -- --browser') });
});

test('in containers it is started when it is asked for, and comes with its image', () => {
  using _ = path(true);
  expect(plan({ target: 'container' })).toEqual({ none: expect.stringContaining('--horizon container') });
  expect(plan({ target: 'container', horizon: 'container' })).toBe('started');
});

test.for<[what: string, options: object]>([
  ['an address for the embedded cluster', { horizon: 'https://cloud.example' }],
  ['embedded for a live one', { target: 'live', horizon: 'embedded' }],
  ['no address', { target: 'live', horizon: 'cloud' }],
  ['another protocol', { target: 'live', horizon: 'file:///etc/passwd' }],
  ['an address for containers', { target: 'container', horizon: 'https://cloud.example' }],
  ['that of containers for the embedded cluster', { horizon: 'container' }],
])('a Horizon that cannot be before the target is refused: %s', ([, options]) => {
  expect(() => readSettings(options, {})).toThrow(/--horizon/);
});
