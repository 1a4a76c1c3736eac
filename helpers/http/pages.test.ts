import { expect, test } from 'vitest';
import { allPages, type Query } from './pages.ts';

const what = "Cinder's list of volumes";
const row = (id: number) => ({ id });

test('pages are read to the last one, whatever address their links carry', async () => {
  const asked: Query[] = [];
  const read = async (query: Query) => {
    asked.push(query);
    return {
      items: [row(asked.length)],
      next: asked.length < 3 ? `http://inner:8776/v3/volumes?marker=${asked.length}` : undefined,
    };
  };

  expect(await allPages({ what, query: { name: 'x' }, read })).toEqual([row(1), row(2), row(3)]);
  expect(asked).toEqual([{ name: 'x' }, { marker: '1' }, { marker: '2' }]);
});

test('a page of very many items is no trouble', async () => {
  const items = Array.from({ length: 300_000 }, (_, id) => row(id));

  expect(await allPages({ what, query: {}, read: async () => ({ items, next: undefined }) })).toHaveLength(items.length);
});

test('a list that comes back to a page it gave already ends at once', async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { items: [row(1)], next: '/v3/volumes?marker=a' };
  };

  await expect(allPages({ what, query: {}, read })).rejects.toThrow(/list of volumes does not end: it comes back to a page/);
  expect(reads).toBe(2);
});

test('a list that always has one page more is given up', async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { items: [row(reads)], next: `?marker=${reads}` };
  };

  await expect(allPages({ what, query: {}, read })).rejects.toThrow(/does not end\n {2}pages: 1000\n {2}items: 1000\n/);
});

test('a next page that is no address is told', async () => {
  const read = async () => ({ items: [], next: 'http://[' });

  await expect(allPages({ what, query: {}, read })).rejects.toThrow(
    /names a next page that is no address\n {2}next: http:\/\/\[/,
  );
});
