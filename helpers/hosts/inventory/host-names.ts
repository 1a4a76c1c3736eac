/**
 * Whether two names are of one host: services call themselves by the full or by the short name of their node. Two full names that
 * differ are two hosts, also when they begin alike.
 */
export function sameHost(a: string, b: string): boolean {
  const [short = '', long = ''] = [a.toLowerCase(), b.toLowerCase()].toSorted((left, right) => left.length - right.length);
  return short === long || (!short.includes('.') && long.startsWith(`${short}.`));
}

interface Entry<T> {
  /** Its place in the order of adding. */
  readonly at: number;
  readonly value: T;
}

/** What is known of hosts, found by any name that is theirs in the sense of `sameHost`, in one look however many there are. */
export class ByHost<T> {
  /** By the name itself. */
  readonly #exact = new Map<string, Entry<T>>();
  /** By the part before the first dot of a name that has one. */
  readonly #short = new Map<string, Entry<T>>();
  #count = 0;

  constructor(entries: Iterable<readonly [name: string, value: T]> = []) {
    for (const [name, value] of entries) {
      this.add(name, value);
    }
  }

  /** The first that was added stays where several are of one host. */
  add(name: string, value: T): void {
    const whole = name.toLowerCase();
    const entry = { at: this.#count, value };
    this.#count += 1;
    setFirst(this.#exact, whole, entry);
    if (whole.includes('.')) {
      setFirst(this.#short, shortOf(whole), entry);
    }
  }

  /** The first that was added of those of this host. */
  get(name: string): T | undefined {
    return this.#find(name)?.value;
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  #find(name: string): Entry<T> | undefined {
    const whole = name.toLowerCase();
    const exact = this.#exact.get(whole);
    const other = whole.includes('.') ? this.#exact.get(shortOf(whole)) : this.#short.get(whole);
    return exact !== undefined && exact.at < (other?.at ?? Number.POSITIVE_INFINITY) ? exact : other;
  }
}

const shortOf = (name: string) => name.slice(0, name.indexOf('.'));

function setFirst<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) {
    map.set(key, value);
  }
}
