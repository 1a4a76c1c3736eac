import { stringify } from 'yaml';
import type { HostRecord } from '../../helpers/hosts/host.ts';
import { visibleLine } from '../../helpers/masking/visible.ts';
import type { ProposedLine } from './proposal.ts';

const ONE_LINE = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true } as const;

/** An acceptance.yaml, a setting a line, each with where it was found. */
export function settingsText(lines: readonly ProposedLine[], heading: string): string {
  const width = Math.max(...lines.flatMap(({ key, value }) => (isScalar(value) ? [`${key}: ${scalar(value)}`.length] : [])));
  return [`# ${visibleLine(heading)}`, ...lines.map((line) => textOf(line, width)), ''].join('\n');
}

function textOf({ key, value, remark }: ProposedLine, width: number): string {
  const told = visibleLine(remark);
  if (value === undefined) {
    return `# ${key}: ${told}`;
  }
  return isScalar(value)
    ? `${`${key}: ${scalar(value)}`.padEnd(width)}  # ${told}`
    : `${key}: # ${told}\n${value.map((host) => `  - ${inOneLine(host)}`).join('\n')}`;
}

/** On the embedded and on other clusters a device's place is where StorPool puts it: it need not be said. */
function inOneLine({ devices, ...host }: HostRecord): string {
  return stringify(devices === '/dev/storpool' ? host : { ...host, devices }, ONE_LINE).trimEnd();
}

const isScalar = (value: ProposedLine['value']) => typeof value === 'string' || typeof value === 'number';
const scalar = (value: string | number) => stringify(value, ONE_LINE).trimEnd();
