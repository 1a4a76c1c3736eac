import type { Redactor } from '../redact.ts';
import type { Incoming } from './http-request.ts';
import { JsonMembers } from './json-members.ts';

const KEPT_BODY = 4096;
/** With it, more is kept of a reply's beginning than the mask looks at to keep `KEPT_BODY` of it. */
const MARGIN = 16_384;

export interface Reading {
  /** All of it, but for the members that were handed over. */
  readonly text: string;
  /** The beginning as it came, and the length of all of it. */
  readonly head: string;
  readonly length: number;
}

/** Reads a reply; each member of its field `data` is handed to `see`, if there is one, and left out. */
export async function read(response: Incoming, see: ((member: string) => void) | undefined): Promise<Reading> {
  if (see === undefined) {
    const text = await response.text();
    return { text, head: text, length: text.length };
  }
  const members = new JsonMembers('data', see);
  let head = Buffer.alloc(0);
  let length = 0;
  await response.pieces((piece) => {
    head = head.length > KEPT_BODY + MARGIN ? head : Buffer.concat([head, piece]);
    length += piece.length;
    members.push(piece);
  });
  const beginning = head.toString();
  return { text: members.end(), head: beginning, length: head.length === length ? beginning.length : length };
}

/** The beginning of a text of which there are `whole` characters, without secrets. */
export function cut(text: string, whole: number, redactor: Redactor | undefined): string {
  const start = redactor?.maskStart(text, KEPT_BODY) ?? text.slice(0, KEPT_BODY);
  return whole <= KEPT_BODY ? start : `${start}… (${whole} characters)`;
}

const SECOND = 1000;

/** For how long the service asks to be left alone, in milliseconds: seconds, or until a time (RFC 9110 §10.2.3). */
export function restOf({ headers }: Incoming): number | undefined {
  const asked = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(asked) ? Number(asked) * SECOND : Date.parse(asked) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** What finds it in the logs of the service. */
export function requestIdOf(headers: Headers): string | undefined {
  return headers.get('x-openstack-request-id') ?? headers.get('x-compute-request-id') ?? undefined;
}

/** The JSON of a body, the text when it is none, undefined when it is empty. */
export function jsonOf(text: string): unknown {
  if (text === '') {
    return;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
