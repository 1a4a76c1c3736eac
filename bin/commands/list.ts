import { wrap } from '../../reports/terminal/text.ts';
import { manifest } from '../../scenarios/manifest.ts';

const INDENT = '    ';
const COLUMNS = 100;

/** Prints the manifest: each check with its claim and where the guide says so. */
export function list(): number {
  const chapters = [
    ...manifest.chapters.map(({ number, title }) => ({ number, title })),
    { number: undefined, title: 'The run itself' },
  ];
  for (const { number, title } of chapters) {
    process.stdout.write(`\n${number === undefined ? '' : `${number} `}${title}\n`);
    for (const { id, claim, guide } of checksOf(number)) {
      const rows = [...wrap(claim, COLUMNS, INDENT), ...wrap(`guide: ${guide.line}`, COLUMNS, INDENT)];
      process.stdout.write(`  ${id}\n${rows.join('\n')}\n`);
    }
  }
  process.stdout.write(`\n${manifest.checks.length} checks in ${manifest.scenarios.length} scenarios\n`);
  return 0;
}

function checksOf(chapter: number | undefined) {
  const scenarios = new Map(manifest.scenarios.map(({ id, chapter: of }) => [id, of]));
  return manifest.checks.filter(({ scenario }) => scenarios.get(scenario) === chapter);
}
