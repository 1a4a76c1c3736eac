import type { z } from 'zod';
import { Failure } from '../failure.ts';

/** A request's query; undefined values are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export interface Page<T> {
  readonly items: readonly T[];
  /** The link to the next page; absent on the last one. */
  readonly next: string | undefined;
}

export interface Paging<T> {
  /** Such as `Cinder's list of volumes`. */
  readonly what: string;
  readonly query: Query;
  readonly read: (query: Query) => Promise<Page<T>>;
}

/** Rows of lists that are of no form that is known, by the list's name: each by its id, else by how it begins. */
export class UnreadRows {
  readonly #rows = new Map<string, Set<string>>();

  /** The rows that can be read; the others are kept in mind. Of a list somebody else's rows are no reason to give up. */
  readable<T>(list: string, rows: readonly unknown[], schema: z.ZodType<T>): T[] {
    return rows.flatMap((row) => {
      const read = schema.safeParse(row);
      if (!read.success) {
        this.#rows.set(list, (this.#rows.get(list) ?? new Set()).add(nameOf(row)));
      }
      return read.success ? [read.data] : [];
    });
  }

  of(list: string): readonly string[] {
    return [...(this.#rows.get(list) ?? [])];
  }
}

const EXCERPT = 80;
const nameOf = (row: unknown) =>
  typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : JSON.stringify(row).slice(0, EXCERPT);

/** OpenStack's pages have up to 1,000 items (`osapi_max_limit`, `max_limit`, `api_limit_max`). */
const MOST_PAGES = 1000;
const ANY_BASE = 'http://any';

/**
 * All items of a list that comes in pages. Only the query of a link to the next page is used, because proxies often leave an inner address
 * in it. Throws Failure when the list does not end.
 */
export async function allPages<T>({ what, query, read }: Paging<T>): Promise<T[]> {
  const all: T[][] = [];
  const asked = new Set<string>();
  let next: Query | undefined = query;
  while (next !== undefined) {
    asked.add(JSON.stringify(next));
    const page: Page<T> = await read(next);
    all.push([...page.items]);
    next = page.next === undefined ? undefined : queryOf(what, page.next);
    const comesBack = next !== undefined && asked.has(JSON.stringify(next));
    if (comesBack || asked.size >= MOST_PAGES) {
      const details = { pages: asked.size, items: all.flat().length, next: page.next };
      throw new Failure(`${what} does not end${comesBack ? ': it comes back to a page' : ''}`, details, ADVICE);
    }
  }
  return all.flat();
}

const ADVICE = 'Look at what answers there, the service itself or a proxy before it: its paging (limit, marker) is broken.';

function queryOf(what: string, link: string): Query {
  if (!URL.canParse(link, ANY_BASE)) {
    throw new Failure(`${what} names a next page that is no address`, { next: link }, ADVICE);
  }
  return Object.fromEntries(new URL(link, ANY_BASE).searchParams);
}
