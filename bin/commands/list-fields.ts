import { wrap } from '../../reports/terminal/text.ts';
import { manifest } from '../../scenarios/manifest.ts';

const INDENT = '      ';
const COLUMNS = 80;

/** Prints what is compared of each kind of things in each layer, and how; and what is told and not compared, with the reason. */
export function listFields(): number {
  const groups = Map.groupBy(manifest.fields, ({ layer, kind }) => `${layer}: ${kind}`);
  for (const [title, fields] of groups) {
    process.stdout.write(`\n${title}\n`);
    for (const { name, rule, isCompared } of fields) {
      const text = wrap(isCompared ? rule : `not compared: ${rule}`, COLUMNS, INDENT).join('\n');
      process.stdout.write(`  ${name}\n${text}\n`);
    }
  }
  const compared = manifest.fields.filter(({ isCompared }) => isCompared).length;
  const known = manifest.fields.length;
  process.stdout.write(`\n${compared} of ${known} fields are compared; a field that is not listed is noted in the evidence\n`);
  return 0;
}
