import { TABLE } from '../../fixtures/model/fields/table.ts';
import { wrap } from '../../reports/terminal/text.ts';

const INDENT = '      ';
const COLUMNS = 100;

/** Prints what is compared of each kind of things in each layer, and how; and what is told and not compared, with the reason. */
export function listFields(): number {
  let compared = 0;
  let known = 0;
  for (const { layer, kind, fields } of TABLE) {
    process.stdout.write(`\n${layer}: ${kind}\n`);
    for (const { name, rule, expect } of fields) {
      known += 1;
      compared += expect === undefined ? 0 : 1;
      const text = wrap(expect === undefined ? `not compared: ${rule}` : rule, COLUMNS, INDENT).join('\n');
      process.stdout.write(`  ${name}\n${text}\n`);
    }
  }
  process.stdout.write(`\n${compared} of ${known} fields are compared; a field that is not listed is noted in the evidence\n`);
  return 0;
}
