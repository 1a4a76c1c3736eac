/** In characters: what is shorter stands everywhere by chance. */
export const MIN_SECRET = 4;
/** Characters of base64 at a place where the bytes before and after the secret no longer matter. */
const BASE64_GROUP = 4;
const BASE64_BYTES = 3;

/** A secret in plain, base64, URL-encoded, HTML, JSON and Python form; none of them shorter than 4 characters. */
export function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const spoken = [secret, ...inPython(secret), ...inHtml(secret)].flatMap((text) => [text, inAscii(inJson(text))]);
  const forms = [
    // What a service says stands in its JSON, and this again in a line of evidence.
    ...spoken.flatMap((text) => [text, inJson(text), inJson(inJson(text))]),
    encoded,
    encoded.toLowerCase(),
    new URLSearchParams([['', secret]]).toString().slice(1),
    ...base64Forms(secret),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_SECRET);
}

/** Finds any of the forms. Of those that begin alike the longest is tried first, so that none is found only in part. */
export function patternOf(forms: Iterable<string>): RegExp | undefined {
  // In this order V8 also shares what they begin with, so that more secrets take hardly more time.
  const longestFirst = [...forms].toSorted().toReversed();
  return longestFirst.length === 0 ? undefined : new RegExp(longestFirst.map((form) => literally(form)).join('|'), 'g');
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** As Python writes JSON. */
const inAscii = (text: string) =>
  text.replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As Python prints a text within something else, by which quote it chooses. */
function inPython(secret: string): string[] {
  const doubled = secret.replaceAll('\\', '\\\\');
  return [doubled, doubled.replaceAll("'", "\\'")];
}

/** As error pages have it. */
function inHtml(secret: string): string[] {
  const tags = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quotes = tags.replaceAll('"', '&quot;');
  return [tags, quotes, quotes.replaceAll("'", '&#x27;'), quotes.replaceAll("'", '&#39;')];
}

/** However the secret lies within what was encoded, as in `user:password` of HTTP's basic authentication; and the safe alphabet of URLs. */
function base64Forms(secret: string): string[] {
  const whole = Buffer.from(secret);
  const shifted = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), whole]).toString('base64');
    const from = before === 0 ? 0 : BASE64_GROUP;
    const groups = Math.floor((before + whole.length) / BASE64_BYTES);
    return text.slice(from, groups * BASE64_GROUP);
  });
  const forms = [whole.toString('base64').replace(/=+$/, ''), ...shifted.filter((form) => form.length >= 2 * BASE64_GROUP)];
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
