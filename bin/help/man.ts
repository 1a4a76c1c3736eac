import type { Subcommand } from './tree.ts';

export interface ManualPage {
  readonly version: string;
  readonly description: string;
  readonly subcommands: readonly Subcommand[];
  /** Headings, and what stands below them: lines as they are. */
  readonly sections: Readonly<Record<string, readonly string[]>>;
}

/** The manual page of \`acceptance\`, as man(7) has them: section 1. */
export function manualPage({ version, description, subcommands, sections }: ManualPage): string {
  const commands = subcommands.flatMap((one) => [
    `.SS ${bold(`acceptance${one.isDefault ? '' : ` ${one.name}`}`)} ${typed(one.usage)}`.trimEnd(),
    ...(one.isDefault ? [`${bold(one.name)} may be typed, too: it is the default.`] : []),
    typed(sentence(one.description)),
    ...one.options.flatMap(({ flags, description: text }) => ['.TP', bold(flags), typed(text)]),
  ]);
  const rest = Object.entries(sections).flatMap(([heading, lines]) => [`.SH ${heading}`, '.nf', ...lines.map(typed), '.fi']);
  return [
    `.TH ACCEPTANCE 1 "" "storpool-openstack-acceptance ${version}" "User Commands"`,
    '.SH NAME',
    `acceptance \\- ${typed(description.replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    `${bold('acceptance')} [\\fIcommand\\fR] [\\fIoptions\\fR]`,
    '.SH COMMANDS',
    ...commands,
    ...rest,
    '',
  ].join('\n');
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
const bold = (text: string) => `\\fB${escaped(text)}\\fR`;
/** What begins with a dot or a quote would be a request of roff's. */
const typed = (text: string) => escaped(text).replace(/^(?=[.'])/, '\\&');
const escaped = (text: string) =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('’', '\\(cq').replaceAll('…', '...');
