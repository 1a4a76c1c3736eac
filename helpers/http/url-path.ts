import { Failure } from '../failure.ts';

/** The path of a URL, in which each id is one step, whatever stands in it. Throws Failure for an id that no path can hold. */
export function urlPath(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return String.raw({ raw: parts }, ...ids.map(step));
}

/** `.` and `..` are taken for steps to elsewhere even when they are encoded (WHATWG URL, "double-dot URL path segment"). */
function step(id: string): string {
  if (/^\.{0,2}$/.test(id)) {
    throw new Failure('there is no such id', { id: JSON.stringify(id) }, 'Look at what the service itself lists.');
  }
  return encodeURIComponent(id.toWellFormed());
}
