import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Manifest } from '../../helpers/claims.ts';
import { nearestWord } from '../../helpers/config/nearest-word.ts';
import { Problems } from '../../helpers/config/problems.ts';
import { readYaml } from '../../helpers/config/yaml.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import type { Waiver } from './verdict-schema.ts';
import { UNWAIVABLE } from './waiving.ts';

/** Read from the working directory when no other file is named. */
const DEFAULT_WAIVERS = 'waivers.yaml';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a date is written YYYY-MM-DD', abort: true })
  .refine((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text), 'there is no such day');
const said = z.string().trim().min(1, 'it is empty');
const entry = z.strictObject({ check: said, reason: said, owner: said, expires: day, link: z.url().optional() });

/**
 * Reads a file of waivers: a YAML list of {check, reason, owner, expires, link?}. Without a path it is `waivers.yaml`, which may be
 * missing. Throws one CannotRun that names every problem.
 */
export function readWaivers(path: string | undefined, manifest: Manifest): Waiver[] {
  if (path === undefined && !existsSync(DEFAULT_WAIVERS)) {
    return [];
  }
  return parseWaivers(path ?? DEFAULT_WAIVERS, read(path ?? DEFAULT_WAIVERS), manifest);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const advice = 'Name a file that is there: --waivers FILE';
    throw new CannotRun('the waivers cannot be read', { file: path, reason: messageOf(cause) }, advice, { cause });
  }
}

/** See `readWaivers`. `path` is for the words only. */
export function parseWaivers(path: string, text: string, manifest: Manifest): Waiver[] {
  const problems = new Problems();
  const list = listIn(text, (error) => problems.add(path, messageOf(error)));
  if (!Array.isArray(list)) {
    problems.add(path, 'it is not a list of waivers');
  }
  const rows = (Array.isArray(list) ? list : []).map((row: unknown, i) => {
    const parsed = entry.safeParse(row);
    for (const { path: field, message } of parsed.error?.issues ?? []) {
      problems.add([`${path}, waiver ${i + 1}`, ...field].join(', '), message);
    }
    return parsed.data;
  });
  const waivers = rows.flatMap((row): Waiver[] => {
    if (row === undefined) {
      return [];
    }
    const { link, ...rest } = row;
    return [{ ...rest, ...(link === undefined ? {} : { link }) }];
  });
  for (const [i, waiver] of waivers.entries()) {
    const wrong = whyNot(waiver, waivers.slice(0, i), manifest);
    if (wrong !== undefined) {
      problems.add(`${path}, ${waiver.check}`, wrong);
    }
  }
  problems.throwIfAny('Mend the waivers and start again; each needs check, reason, owner and expires (YYYY-MM-DD).');
  return waivers;
}

/** The failsafe schema keeps dates as they are written. */
function listIn(text: string, onError: (error: unknown) => void): unknown {
  try {
    return readYaml(text, 'failsafe') ?? [];
  } catch (error) {
    onError(error);
    return [];
  }
}

function whyNot({ check }: Waiver, before: readonly Waiver[], { checks }: Manifest): string | undefined {
  const known = checks.find(({ id }) => id === check);
  if (known === undefined) {
    const near = nearestWord(
      check,
      checks.map(({ id }) => id),
    );
    return `there is no such check${near === undefined ? '' : `, did you mean ${near}?`}`;
  }
  if (known.scenario === UNWAIVABLE) {
    return 'what a run leaves behind can never be waived';
  }
  return before.some((other) => other.check === check) ? 'it is waived twice' : undefined;
}
