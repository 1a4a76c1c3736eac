import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { inWords } from '../yaml.ts';
import { jsonNumber, type Key, Plain, resolvePlain, type Table, type Value } from './values.ts';

export interface PythonDocument {
  readonly value: Value;
  /** Keys that stand twice in one mapping, of which Python's readers silently take the last: with line and column. */
  readonly twice: readonly string[];
}

/** What a tag of one's own makes of a scalar; undefined when it knows none of that name. */
export type Tags = (tag: string, written: string) => Value | undefined;

/** PyYAML's reader takes no other (yaml/pyyaml lib/yaml/reader.py, NON_PRINTABLE). */
const UNPRINTABLE = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The text of a file that must be UTF-8, as Python's open() wants it. Throws Error in one line. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not in UTF-8');
  }
}

/**
 * Reads YAML as PyYAML's safe_load does, of which openstacksdk and Ansible make use: YAML 1.1 with merge keys, any number of aliases, and of equal
 * keys the last. Throws Error in one line that quotes nothing of the file.
 */
export function readPythonYaml(text: string, tags: Tags = () => undefined): PythonDocument {
  const strange = UNPRINTABLE.exec(text);
  if (strange !== null) {
    const line = text.slice(0, strange.index).split('\n').length;
    throw new Error(`a character that YAML does not allow (line ${line})`);
  }
  const lineCounter = new LineCounter();
  const options = { version: '1.1', schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;
  const document = parseDocument(text, { ...options, lineCounter });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Error(inWords(error, lineCounter));
  }
  const construction = new Construction(lineCounter, tags, targetsIn(document));
  return { value: construction.value(document.contents), twice: construction.twice };
}

/** Reads JSON as Python's json does: integers of any length. Throws Error in one line that quotes nothing of the text. */
export function readPythonJson(text: string): Value {
  const numbers = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === 'number' ? jsonNumber(context.source ?? String(value)) : value;
  try {
    return fromJson(JSON.parse(text, numbers as (key: string, value: unknown) => unknown));
  } catch {
    throw new Error('it is not JSON that can be read');
  }
}

function fromJson(value: unknown): Value {
  if (Array.isArray(value)) {
    return value.map(fromJson);
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Plain)) {
    return new Map(Object.entries(value).map(([key, one]) => [key, fromJson(one)]));
  }
  return value as Value;
}

/** Where each alias leads: to the last node before it that has the anchor. */
function targetsIn(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      const target = isAlias(node) ? anchors.get(node.source) : undefined;
      if (isAlias(node) && target !== undefined) {
        targets.set(node, target);
      }
      if (!isAlias(node) && node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return targets;
}

type Entry = readonly [key: Key, value: Node | null];

/** One pass over a document: each node is made once, however often aliases lead to it. */
class Construction {
  readonly twice: string[] = [];
  readonly #lines: LineCounter;
  readonly #tags: Tags;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #made = new Map<Node, Value>();
  readonly #entries = new Map<YAMLMap, ReadonlyMap<string, Entry>>();
  readonly #within = new Set<Node>();

  constructor(lines: LineCounter, tags: Tags, targets: ReadonlyMap<Alias, Node>) {
    this.#lines = lines;
    this.#tags = tags;
    this.#targets = targets;
  }

  value(given: Node | null): Value {
    const node = this.#target(given);
    if (node === null) {
      return null;
    }
    const known = this.#made.get(node);
    if (known !== undefined) {
      return known;
    }
    const made = this.#guarded(node, () => this.#make(node));
    this.#made.set(node, made);
    return made;
  }

  #make(node: Node): Value {
    if (isScalar(node)) {
      return this.#scalar(node);
    }
    if (isSeq(node)) {
      this.#assertTag(node, 'seq');
      return node.items.map((item) => this.value(item as Node | null));
    }
    if (isMap(node)) {
      this.#assertTag(node, 'map');
      const table = new Map<Key, Value>();
      for (const [key, value] of this.#entriesOf(node).values()) {
        table.set(key, this.value(value));
      }
      return table satisfies Table;
    }
    throw this.#wrong(node, 'what stands here is not understood');
  }

  #scalar(node: Node & { value?: unknown; type?: string | null | undefined; tag?: string | undefined }): Value {
    const written = String(node.value ?? '');
    if (node.tag === undefined) {
      if (node.type === 'PLAIN' && written === '=') {
        throw this.#wrong(node, 'a lone = means something else in YAML: put it in quotes');
      }
      return node.type === 'PLAIN' ? resolvePlain(written) : written;
    }
    if (node.tag === 'tag:yaml.org,2002:str') {
      return written;
    }
    const tagged = asTagged(node.tag, written) ?? this.#tags(node.tag, written);
    if (tagged === undefined) {
      throw this.#wrong(node, 'a tag that is not known here');
    }
    return tagged;
  }

  #assertTag(node: Node & { tag?: string | undefined }, standard: string): void {
    if (node.tag !== undefined && node.tag !== `tag:yaml.org,2002:${standard}`) {
      throw this.#wrong(node, 'a tag that is not known here');
    }
  }

  /** With what is merged in first, so that what is a mapping's own wins, and of several merged ones the first. */
  #entriesOf(map: YAMLMap): ReadonlyMap<string, Entry> {
    const known = this.#entries.get(map);
    if (known !== undefined) {
      return known;
    }
    const merged = new Map<string, Entry>();
    const own = new Map<string, Entry>();
    for (const pair of map.items) {
      if (isMergeKey(pair)) {
        for (const source of this.#sources(pair)) {
          for (const [name, entry] of this.#guarded(source, () => this.#entriesOf(source))) {
            merged.set(name, entry);
          }
        }
        continue;
      }
      const key = this.#key(pair.key as Node | null);
      const name = key instanceof Plain ? `${key.kind} ${key.text ?? key.written}` : `${typeof key} ${key}`;
      if (own.has(name)) {
        this.twice.push(`${key instanceof Plain ? key.written : key} ${this.#place(pair.key as Node)}`);
      }
      own.set(name, [key, pair.value as Node | null]);
    }
    const all = new Map([...merged, ...own]);
    this.#entries.set(map, all);
    return all;
  }

  /** In the order in which they are laid over each other. */
  #sources(pair: Pair): YAMLMap[] {
    const value = this.#target(pair.value as Node | null);
    const list = isSeq(value) ? value.items.map((item) => this.#target(item as Node | null)).toReversed() : [value];
    return list.map((one) => {
      if (!isMap(one)) {
        throw this.#wrong(pair.key as Node, '<< must be given a mapping, or a list of them');
      }
      return one;
    });
  }

  #key(node: Node | null): Key {
    const key = this.value(node);
    if (Array.isArray(key) || key instanceof Map) {
      throw this.#wrong(node, 'a key that is a list or a mapping');
    }
    return key as Key;
  }

  #target(node: Node | null): Node | null {
    if (!isAlias(node)) {
      return node ?? null;
    }
    const found = this.#targets.get(node);
    if (found === undefined) {
      throw this.#wrong(node, 'an alias names no anchor');
    }
    return found;
  }

  #guarded<T>(node: Node, make: () => T): T {
    if (this.#within.has(node) && !isScalar(node)) {
      throw this.#wrong(node, 'an alias leads back to what it stands in');
    }
    this.#within.add(node);
    try {
      return make();
    } finally {
      this.#within.delete(node);
    }
  }

  #wrong(node: Node | null, what: string): Error {
    return new Error(`${what} ${this.#place(node)}`);
  }

  #place(node: Node | null): string {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return `(line ${line}, column ${col})`;
  }
}

/** What a standard tag asks for, where the text is of that kind. */
function asTagged(tag: string, written: string): Value | undefined {
  const value = resolvePlain(written);
  const kind = value instanceof Plain ? value.kind : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : 'str';
  return tag === `tag:yaml.org,2002:${kind}` ? value : undefined;
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.value === '<<';
}
