import { quoted } from '../html.ts';
import type { MatrixRow, Verdict } from './matrix.ts';

export const VERDICTS: readonly Verdict[] = [
  'caught',
  'caught by another',
  'tolerated',
  'missed',
  'false alarm',
  'never met',
  'broken',
];

export const classOf = (verdict: Verdict): 'good' | 'fair' | 'bad' =>
  verdict === 'caught by another' ? 'fair' : verdict === 'caught' || verdict === 'tolerated' ? 'good' : 'bad';

export const code = (text: string) => `<code>${quoted(text)}</code>`;

export const options = (values: readonly string[]) => values.map((value) => `<option>${quoted(value)}</option>`).join('');

/** One fault: what is broken in words, what became of it, the checks that saw it, and what the first of them said. */
export function faultRow(row: MatrixRow): string {
  const { id, kind, cause, seam, verdict, first, reason, red, reddens, remark, scenarios, met } = row;
  const checks = [...new Set([...reddens, ...red])];
  const where = `at ${[seam].flat().join(', ')}; met ${met === 1 ? 'once' : `${met} times`} in ${scenarios.join(', ')}`;
  return `<tr id="fault:${quoted(id)}" data-kind="${quoted(kind)}" data-verdict="${verdict}" data-checks="${quoted(checks.join(' '))}">
<th scope="row">${quoted(cause)}<br><small>${code(id)} · ${quoted(kind)} ${quoted(where)}</small></th>
<td class="${classOf(verdict)}">${verdict}${remark === undefined ? '' : `<br><small>${quoted(remark)}</small>`}</td>
<td>${checkList(reddens, red, first)}</td>
<td>${told(reason)}</td>
</tr>`;
}

function checkList(expected: readonly string[], red: readonly string[], first: string | undefined): string {
  const missing = expected.filter((check) => !red.includes(check)).map((check) => `<del>${quoted(check)}</del>`);
  const seen = red.map((check) => {
    const link = `<a href="#check:${quoted(check)}">${code(check)}</a>`;
    const named = expected.includes(check) ? `<b>${link}</b>` : link;
    return check === first && red.length > 1 ? `${named} <small>first</small>` : named;
  });
  return [...seen, ...missing].join('<br>');
}

const MOST_LINES = 5;

/** A short cause at once, of a long one the first line and the rest when asked for. */
function told(reason = ''): string {
  const [line = '', ...rest] = reason.split('\n');
  return rest.length < MOST_LINES
    ? `<pre>${quoted(reason)}</pre>`
    : `<details><summary><code>${quoted(line)}</code></summary><pre>${quoted(rest.join('\n'))}</pre></details>`;
}
