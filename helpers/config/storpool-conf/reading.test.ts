import { expect, test } from 'vitest';
import { readByConfget, readByProgram } from './confget.ts';
import { readByOsBrick } from './os-brick.ts';
import { confFile, type Reading } from './reading.ts';

const READERS = [readByOsBrick, readByConfget, readByProgram];
const file = (path: string, text: string | Buffer) => confFile(path, Buffer.from(text as string));
const valuesOf = ({ settings }: Reading) => Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));

test('the node’s own section wins over the unnamed one: in os-brick whichever file it is in, in StorPool’s packages file by file', () => {
  const files = [
    file('/etc/storpool.conf', 'SP_A=1\n[node-1]\nSP_A=2\n[node-2]\nSP_B=5\n'),
    file('/etc/storpool.conf.d/x.conf', 'SP_A=3\n'),
  ];
  expect(valuesOf(readByOsBrick(files, 'node-1'))).toEqual({ SP_A: '2' });
  expect(valuesOf(readByConfget(files, 'node-1'))).toEqual({ SP_A: '3' });
  expect(readByOsBrick(files, 'node-2').settings.get('SP_A')).toMatchObject({ path: '/etc/storpool.conf.d/x.conf', line: 1 });
});

test.for([
  ['keys indented under a heading', '[n]\n  SP_A=1\n  SP_B=2\n', ['1', '1', '1']],
  ['a reference', 'SP_B=1\nSP_A=%(SP_B)s\n', ['1', '%(SP_B)s', '%(SP_B)s']],
  ['a heading with blanks', '[ n ]\nSP_A=1\n', [undefined, '1', '1']],
  ['a deeper key', '  SP_B=1\n    SP_A=1\n', [undefined, '1', '1']],
  ['a backslash', 'SP_A=1\\\n2\n', ['1\\', '12', '12']],
  ['a backslash after a blank', 'SP_A=1 \\\n2\n', ['1 \\', '12', '1 2']],
  ['a no-break space', 'SP_A\u00a0=1\n', ['1', '1', undefined]],
] as const)('%s is read as each of the readers does', ([, text, values]) => {
  expect(READERS.map((read) => read([file('/c', text)], 'n').settings.get('SP_A')?.value)).toEqual(values);
});

const STOPS = 'stops';
test.for([
  ['a conflict marker', '=======\n', 'is a conflict marker of git', [STOPS, STOPS, STOPS]],
  ['a word', 'x\n', 'is no heading and no assignment', [undefined, STOPS, STOPS]],
  [
    'a percent sign',
    'SP_A=1%\n',
    'has a % in its value that ConfigParser does not understand: one is written %%',
    [STOPS, undefined, undefined],
  ],
  [
    'Latin-1',
    Buffer.from('\n# \xe9\n', 'latin1'),
    'has a byte that is no UTF-8, such as an é of Latin-1',
    [STOPS, STOPS, undefined],
  ],
] as const)('%s stops those that cannot read it', ([, text, why, stops]) => {
  const faults = READERS.map((read) => read([file('/c', text)], 'n').faults);
  expect(faults.map(([first]) => first?.why)).toEqual(stops.map((one) => (one === STOPS ? why : undefined)));
  expect(faults.flat().map(({ path }) => path)).toContain('/c');
});
