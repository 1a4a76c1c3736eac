/** What Python's readers make of YAML and JSON. Numbers and dates keep what was written, because their text may differ from it. */
export type Value = string | boolean | null | Plain | readonly Value[] | Table;
export type Key = string | boolean | null | Plain;
/** In the order of a Python dict: a key that comes again keeps its place and gets the later value. */
export type Table = ReadonlyMap<Key, Value>;

export type PlainKind = 'int' | 'float' | 'date';

/** A number or a date that was written without quotes, or something that only its tag explains. */
export class Plain {
  readonly kind: PlainKind | 'tagged';
  readonly written: string;
  /** What Python's str() makes of it; undefined where that was not worked out, and is not what was written. */
  readonly text: string | undefined;

  constructor(kind: PlainKind | 'tagged', written: string, text: string | undefined) {
    this.kind = kind;
    this.written = written;
    this.text = text;
  }

  /** The text that is sent, where it is the one that the person wrote. */
  get faithful(): string | undefined {
    return this.text === this.written && this.kind !== 'tagged' ? this.text : undefined;
  }
}

export function isTable(value: unknown): value is Table {
  return value instanceof Map;
}

/** Not what Python takes for false (numbers become texts before anybody asks). */
export function isSomething(value: Value | undefined): value is Value {
  return value !== undefined && value !== '' && value !== null && value !== false;
}

// The rules of PyYAML (yaml/pyyaml lib/yaml/resolver.py), which are those of YAML 1.1 but for `y`, `n` and `1e5`, which stay text.
const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER = /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+)$/;
const BY_SIXTY = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/;

/** What PyYAML makes of text without quotes and without a tag. */
export function resolvePlain(written: string): string | boolean | null | Plain {
  if (NULL.test(written)) {
    return null;
  }
  if (TRUE.test(written) || FALSE.test(written)) {
    return TRUE.test(written);
  }
  if (INTEGER.test(written)) {
    return new Plain('int', written, integerText(written));
  }
  // Sixty-based integers must not begin with 0; that is as text either way.
  if (BY_SIXTY.test(written) && (written.includes('.') || !/^[-+]?0/.test(written))) {
    return new Plain(written.includes('.') ? 'float' : 'int', written, undefined);
  }
  if (FLOAT.test(written) || NO_NUMBER.test(written)) {
    return new Plain('float', written, floatText(written));
  }
  return DAY.test(written) || MOMENT.test(written)
    ? new Plain('date', written, DAY.test(written) ? written : undefined)
    : written;
}

/** A number of JSON, by Python's rules. */
export function jsonNumber(written: string): Plain {
  return /^-?\d+$/.test(written)
    ? new Plain('int', written, BigInt(written).toString())
    : new Plain('float', written, floatText(written));
}

function integerText(written: string): string | undefined {
  const digits = written.replaceAll('_', '').replace(/^[-+]/, '');
  const isOctal = /^0[0-7]+$/.test(digits);
  try {
    const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
    return String(written.startsWith('-') ? -value : value);
  } catch {
    return;
  }
}

const LARGEST_PLAIN_EXPONENT = 16;
const SMALLEST_PLAIN_EXPONENT = -4;

/** Python's str() of a float: the fewest digits that lead back to it, without an exponent between 1e-4 and 1e16. */
function floatText(written: string): string | undefined {
  const value = Number(written.replaceAll('_', ''));
  if (!Number.isFinite(value)) {
    return;
  }
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < SMALLEST_PLAIN_EXPONENT || exponent >= LARGEST_PLAIN_EXPONENT) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = value.toFixed(Math.max(0, mantissa.replace(/[-.]/g, '').length - 1 - exponent));
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** Why a value is not the text that was written, for a person; never the value itself, which may be a password. */
export function otherThanText(value: Exclude<Value, string | null>): string {
  if (typeof value === 'boolean') {
    return 'is a word that YAML takes for true or false: put it in quotes';
  }
  if (value instanceof Plain) {
    return value.kind === 'date'
      ? 'is text that YAML takes for a date: put it in quotes'
      : 'is text that YAML takes for a number, which would be sent in other digits than are written: put it in quotes';
  }
  return 'must be one text';
}
