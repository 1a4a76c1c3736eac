import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeEvidence, type Evidence, fileSink } from '../../helpers/evidence.ts';
import { Redactor } from '../../helpers/redact.ts';
import { readArchive } from '../bundle/archive.ts';
import { makeBundle, type Sign } from '../bundle/bundle.ts';
import { type Signer, signed } from '../bundle/signature.ts';
import { writeReports } from '../report.ts';
import { greenLines, sampleInput, sampleManifest } from './sample-run.ts';

/** Writes evidence as a run does: chained, and closed. */
export function writeEvidence(runDir: string, lines: readonly Evidence[]): void {
  const sink = fileSink(join(runDir, 'evidence.ndjson'), new Redactor());
  for (const line of lines) {
    sink(line);
  }
  closeEvidence(join(runDir, 'evidence.ndjson'));
}

/** The folder of a run that was judged, with all that a bundle carries. */
export async function judgedRun(runId: string) {
  const runs = mkdtempSync(join(tmpdir(), 'acc-bundle-'));
  const runDir = join(runs, runId);
  mkdirSync(runDir);
  writeEvidence(runDir, greenLines());
  const journal = [
    { at: '2026-03-01T10:00:00.000Z', type: 'run', run: runId, target: 'embedded' },
    { at: '2026-03-01T10:00:06.000Z', type: 'swept', left: 0 },
  ];
  writeFileSync(join(runDir, 'journal.ndjson'), journal.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const said: string[] = [];
  const redactor = new Redactor();
  const say = (text: string) => void said.push(text);
  const facts = { ...sampleInput(), runId };
  const { verdict } = await writeReports({ runDir, manifest: sampleManifest, facts, redactor, say });
  return {
    ...{ runDir, verdict, said },
    /** The files of its bundle, by their names in it. */
    files: async (signer: Signer | Sign | undefined) => {
      const sign =
        signer === undefined || typeof signer === 'function' ? signer : (statement: Buffer) => signed(statement, signer);
      const { packed } = await makeBundle(runDir, verdict, sign, new Date());
      const { entries } = await readArchive(packed);
      return { packed, files: new Map(entries.map(({ name, data }) => [name.slice(runId.length + 1), data])) };
    },
    [Symbol.dispose]: () => rmSync(runs, { recursive: true }),
  };
}
