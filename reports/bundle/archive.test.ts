import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { packArchive, readArchive } from './archive.ts';

const NOW = new Date('2026-03-02T00:00:00.000Z');
const MIB = 1024 ** 2;
const FILES = new Map([
  ['a', Buffer.from('x')],
  ['b/c', Buffer.alloc(100_000, 'ä')],
]);

test('the same files make the same bytes, and come back as they were', async () => {
  const packed = await packArchive('run', FILES, NOW);

  const { entries, problems } = await readArchive(packed);

  expect(packed.equals(await packArchive('run', FILES, NOW))).toBe(true);
  expect(problems).toEqual([]);
  expect(entries).toEqual([...FILES].map(([name, data]) => ({ name: `run/${name}`, type: 'file', data })));
});

test('an archive that would fill the memory is refused, and one of many files', async () => {
  const tar = pack();
  for (let n = 0; n < 100; n += 1) {
    tar.entry({ name: `run/${n}` }, 'x');
  }
  tar.finalize();
  const many = gzipSync(Buffer.concat(await Array.fromAsync(tar)));
  const zeros = gzipSync(Buffer.alloc(32 * MIB));

  const bomb = await readArchive(Buffer.concat(Array.from({ length: 9 }, () => zeros)));

  expect(bomb.problems).toEqual([expect.stringContaining('it holds more than 256 MiB')]);
  expect((await readArchive(many)).problems).toEqual([expect.stringContaining('it has more than 64 entries')]);
});

const LENGTHS = {
  'below 0': Buffer.alloc(12, 0xff),
  'no number': Buffer.from('zzzzzzzzzzz '),
  'more than there is': Buffer.from([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
};

test.for(Object.entries(LENGTHS))('an entry whose length is %s does not keep anybody waiting', async ([, length]) => {
  const header = gunzipSync(await packArchive('run', FILES, NOW)).subarray(0, 1024);
  length.copy(header, 124);
  header.fill(' ', 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);

  const { problems } = await readArchive(gzipSync(header));

  expect(problems).toEqual([expect.stringMatching(/longer than the archive|Unexpected end|Invalid/)]);
});

test('reading writes nothing, whatever the entries are called', async () => {
  const here = import.meta.dirname;
  const before = readdirSync(here, { recursive: true });
  const away = await packArchive(
    '..',
    new Map([
      [join('..', here, 'evil'), Buffer.from('x')],
      ['evil', Buffer.from('x')],
    ]),
    NOW,
  );

  const { entries } = await readArchive(away);

  expect(entries).toHaveLength(2);
  expect(readdirSync(here, { recursive: true })).toEqual(before);
});
