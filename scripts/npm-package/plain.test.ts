import { expect, test } from 'vitest';
import { plainName, plainText } from './plain.ts';

test('TypeScript becomes plain JavaScript of the same lines, which names its files as they are called then', () => {
  const source = `import { type A, b } from './b.ts';
import type { C } from '../c.ts';
const later = () => import('./later.ts');
const address = new URL('./loader.ts', import.meta.url);
const script = join(import.meta.dirname, '..', 'worker.ts');
const advice: string = 'Look into helpers/config/config.ts';
`;

  expect(plainText(source).split('\n')).toEqual([
    "import {         b } from './b.js';",
    '',
    "const later = () => import('./later.js');",
    "const address = new URL('./loader.js', import.meta.url);",
    "const script = join(import.meta.dirname, '..', 'worker.js');",
    "const advice         = 'Look into helpers/config/config.ts';",
    '',
  ]);
});

test('what is no TypeScript keeps its name', () => {
  expect(['bin/main.ts', 'bin/require-node.mjs', 'package.json'].map(plainName)).toEqual([
    'bin/main.js',
    'bin/require-node.mjs',
    'package.json',
  ]);
});
