import { checkChain } from '../../helpers/evidence-chain.ts';
import { messageOf } from '../../helpers/failure.ts';
import { plural } from '../terminal/text.ts';
import { type Verdict, verdictSchema } from '../verdict/verdict-schema.ts';
import { type Archive, readArchive } from './archive.ts';
import { NEEDED, PARTS, type Parts, SIGNED, sha256, UNSIGNED } from './parts.ts';
import { openEnvelope } from './signature.ts';
import { readStatement, type Stated, testsOf } from './statement.ts';
import { type Believed, lookAtSignature } from './who-signed.ts';

/** What was found about a bundle, in sentences. */
export interface Findings {
  readonly holds: string[];
  readonly broken: string[];
  /** What nobody could look at with what was given. */
  readonly open: string[];
  /** What it does not have, and was not asked for. */
  readonly lacks: string[];
  /** What the statement says that this is of. */
  readonly about?: Stated['run'] | undefined;
}

type Found = Pick<Findings, 'holds' | 'broken' | 'open' | 'lacks'>;

/** Looks whether a bundle is as it was made, and whether whoever is trusted has signed it. Needs nothing but its bytes; writes nothing. */
export async function verifyBundle(packed: Buffer, trusted: Believed | undefined): Promise<Findings> {
  const found: Found = { holds: [], broken: [], open: [], lacks: [] };
  const archive = await readArchive(packed);
  const { parts, folder } = sorted(archive, found);
  const stated = stateIn(parts, trusted, found);
  if (stated === undefined) {
    return found;
  }
  if (folder !== undefined && folder !== stated.run.run) {
    found.broken.push(`its folder is called ${folder}, and its statement is about run ${stated.run.run}`);
  }
  compareSums(parts, stated, found);
  lookAtVerdict(parts, stated, found);
  lookAtEvidence(parts, stated, found);
  lookAtJournal(parts, stated, found);
  lookAtPages(parts, found);
  return { ...found, about: stated.run };
}

/** The files by their names; what is no part of a bundle is told and not looked at. */
function sorted(
  { entries, problems }: Archive,
  { broken }: Found,
): { readonly parts: Parts; readonly folder: string | undefined } {
  broken.push(...problems);
  const parts = new Map<string, Buffer>();
  const folder = /^[^/]+(?=\/)/.exec(entries[0]?.name ?? '')?.[0];
  const known: ReadonlySet<string> = new Set([...PARTS, SIGNED, UNSIGNED].map((name) => `${folder}/${name}`));
  for (const { name, type, data } of entries) {
    const part = name.slice((folder ?? '').length + 1);
    if (type !== 'file') {
      broken.push(`${name} in it is no file, but a ${type}`);
    } else if (name.startsWith('/') || name.split('/').includes('..')) {
      broken.push(`an entry would be written outside of its folder: ${name}`);
    } else if (!known.has(name)) {
      broken.push(`${name} is no part of a bundle of ${folder ?? 'a run'}`);
    } else if (parts.has(part)) {
      broken.push(`${part} stands in it more than once`);
    } else {
      parts.set(part, data);
    }
  }
  return { parts, folder };
}

/** What the statement tells, and who signed it. */
function stateIn(parts: Parts, trusted: Believed | undefined, found: Found): Stated | undefined {
  const [signed, plain] = [parts.get(SIGNED), parts.get(UNSIGNED)];
  if (signed !== undefined && plain !== undefined) {
    found.broken.push('it has two statements, one of them without a signature');
  }
  try {
    if (signed !== undefined) {
      const envelope = openEnvelope(signed);
      const stated = readStatement(envelope.statement);
      lookAtSignature(envelope, trusted, stated, found);
      return stated;
    }
    if (plain !== undefined) {
      if (trusted === undefined) {
        found.lacks.push('it is not signed: who can write to the file could have made all of it anew');
      } else {
        found.broken.push('it is not signed at all, and should be');
      }
      return readStatement(plain);
    }
    found.broken.push('it has no statement: nothing tells what its files were');
  } catch (error) {
    found.broken.push(`its statement cannot be read: ${(messageOf(error).split('\n')[0] ?? '').trim()}`);
  }
  return undefined;
}

function compareSums(parts: Parts, { sums }: Stated, { holds, broken }: Found): void {
  const files = [...parts].filter(([name]) => name !== SIGNED && name !== UNSIGNED);
  const changed = files.filter(([name, data]) => sums.has(name) && sums.get(name) !== sha256(data)).map(([name]) => name);
  const added = files.filter(([name]) => !sums.has(name)).map(([name]) => name);
  const lost = [...new Set([...sums.keys(), ...NEEDED])].filter((name) => !parts.has(name));
  broken.push(
    ...changed.map((name) => `${name} is not the file that its statement is about: it was changed or exchanged`),
    ...added.map((name) => `its statement says nothing about ${name}: it was added`),
    ...lost.map((name) => `${name} is missing`),
  );
  if (changed.length + added.length + lost.length === 0) {
    holds.push(`all ${files.length} files are those that its statement is about`);
  }
}

function lookAtVerdict(parts: Parts, { run, tests }: Stated, { holds, broken }: Found): void {
  const data = parts.get('verdict.json');
  if (data === undefined) {
    return;
  }
  const verdict = readVerdict(data);
  if (verdict === undefined) {
    broken.push('verdict.json is no verdict that this version can read');
    return;
  }
  const told = testsOf(verdict);
  const differences = [
    ...(verdict.runId === run.run ? [] : [`it is of run ${verdict.runId}, and the statement about ${run.run}`]),
    ...(verdict.overall === run.verdict ? [] : [`it says ${verdict.overall}, and the statement ${run.verdict}`]),
    ...more('as passed', tests.passedTests, told.passedTests),
    ...more('as waived', tests.warnedTests, told.warnedTests),
    ...more('as failed', tests.failedTests, told.failedTests),
  ];
  broken.push(...differences.map((difference) => `verdict.json: ${difference}`));
  if (differences.length === 0) {
    holds.push(`the verdict is what the statement says: ${run.verdict}, ${plural(told.passedTests.length, 'check')} passed`);
  }
}

function more(as: string, stated: readonly string[], told: readonly string[]): string[] {
  const added = told.filter((id) => !stated.includes(id));
  const lost = stated.filter((id) => !told.includes(id));
  return [
    ...(added.length === 0 ? [] : [`it tells ${added.join(', ')} ${as}, and the statement does not`]),
    ...(lost.length === 0 ? [] : [`the statement tells ${lost.join(', ')} ${as}, and it does not`]),
  ];
}

function readVerdict(data: Buffer): Verdict | undefined {
  try {
    return verdictSchema.parse(JSON.parse(data.toString('utf8')));
  } catch {
    return undefined;
  }
}

function lookAtEvidence(parts: Parts, { run, sums }: Stated, { holds, broken }: Found): void {
  const data = parts.get('evidence.ndjson');
  if (data === undefined) {
    return;
  }
  const { isChained, isClosed, lines, problems } = checkChain(data, run.run);
  broken.push(...problems.map((problem) => `evidence.ndjson: ${problem}`));
  if (problems.length > 0) {
    return;
  }
  if (sums.get('evidence.ndjson') !== sha256(data)) {
    broken.push('evidence.ndjson: its chain holds, and it is not what was stated: it was written and chained anew, or cut short');
  } else if (isChained) {
    const end = isClosed ? '' : '; the run was killed, so that only the statement tells that none is missing at its end';
    holds.push(`the evidence is whole: each of its ${lines} lines follows from those before it${end}`);
  } else {
    holds.push('the evidence is of an older version, whose lines are not chained: only the statement tells that none is missing');
  }
}

function lookAtJournal(parts: Parts, { run }: Stated, { holds, broken }: Found): void {
  const [, of] = /^\{.*?"run":"([^"]*)"/.exec(parts.get('journal.ndjson')?.toString('utf8') ?? '') ?? [];
  if (of !== undefined && of !== run.run) {
    broken.push(`journal.ndjson is of run ${of}`);
  } else if (of !== undefined) {
    holds.push('the journal is of this run');
  }
}

const SIGNED_PAGES = ['sign-off.md', 'sign-off.html', 'sign-off.de.html'];

/** A page to sign names the checksums of the other files: whoever signed on paper signed for those. */
function lookAtPages(parts: Parts, { holds, broken }: Found): void {
  const others = [...parts].filter(([name]) => (PARTS as readonly string[]).includes(name) && !SIGNED_PAGES.includes(name));
  const pages = SIGNED_PAGES.flatMap((name) => {
    const text = parts.get(name)?.toString('utf8');
    return text === undefined
      ? []
      : [{ name, other: others.filter(([, data]) => !text.includes(sha256(data))).map(([file]) => file) }];
  });
  const wrong = pages.filter(({ other }) => other.length > 0);
  broken.push(...wrong.map(({ name, other }) => `${name} tells another checksum of ${other.join(', ')}`));
  if (wrong.length === 0 && pages.length > 0) {
    holds.push(`the checksums on ${pages.map(({ name }) => name).join(', ')} are those of the files`);
  }
}
