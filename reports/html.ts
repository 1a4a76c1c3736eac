import { createHash } from 'node:crypto';
import { visible } from '../helpers/masking/visible.ts';

export interface HtmlPage {
  readonly language: string;
  readonly title: string;
  readonly style: string;
  /** HTML, as all but the title. */
  readonly body: string;
  readonly script?: string;
}

/** A page that opens without a network, and runs no script but its own. */
export function htmlPage({ language, title, style, body, script }: HtmlPage): string {
  const hash = script === undefined ? undefined : createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'${hash === undefined ? '' : `; script-src 'sha256-${hash}'`}`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${quoted(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** Text as HTML. */
export function quoted(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
