import type { Manifest } from '../helpers/claims.ts';
import type { AssertionSeen } from './assertions.ts';
import type { Matrix, MatrixRow, Verdict } from './matrix.ts';
import { STYLE } from './matrix-style.ts';

/** When and how the proof was made. */
export interface MatrixFacts {
  /** ISO time. */
  readonly madeAt: string;
  readonly seconds: number;
  readonly runs: number;
}

const VERDICTS: readonly Verdict[] = ['caught', 'caught by another', 'tolerated', 'missed', 'false alarm', 'never met', 'broken'];

/** The matrix as one HTML page that opens without a network. */
export function matrixPage(matrix: Matrix, manifest: Manifest, facts: MatrixFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Proof: every check is seen failing</title>
<style>${STYLE}</style>
</head>
<body>
${summary(matrix, facts)}
${troubles(matrix)}
${faults(matrix.rows)}
${falsePasses(matrix.rows)}
${checks(matrix, manifest)}
${assertions(matrix.assertions)}
</body>
</html>
`;
}

function summary({ rows, falseAlarms, unproven, holds }: Matrix, { madeAt, seconds, runs }: MatrixFacts): string {
  const count = (wanted: Verdict) => rows.filter(({ verdict }) => verdict === wanted).length;
  const counts = VERDICTS.map((verdict) => tile(verdict, count(verdict), classOf(verdict)));
  return `<header>
<h1>Every check is seen failing</h1>
<p class="${holds ? 'good' : 'bad'}">${holds ? 'The proof holds.' : 'The proof does not hold.'}</p>
<p>Each fault below was planted in a mock cluster of its own, and the scenarios that can see it were played there.
${runs} runs in ${seconds} s, ${quoted(madeAt)}.</p>
<ul class="tiles">${tile('faults', rows.length, '')}${counts.join('')}${tile('false alarms', falseAlarms.length, falseAlarms.length === 0 ? '' : 'bad')}${tile('checks unproven', unproven.length, unproven.length === 0 ? '' : 'bad')}</ul>
</header>`;
}

const tile = (text: string, value: number, style: string) => `<li class="${style}"><b>${value}</b> ${quoted(text)}</li>`;

const classOf = (verdict: Verdict) =>
  ({ caught: 'good', tolerated: 'good', 'caught by another': 'fair' })[verdict as string] ?? 'bad';

function troubles({ falseAlarms, unproven, broken }: Matrix): string {
  const rows = [
    ...falseAlarms.map(({ scenario, check, cause }) => `false alarm: ${check} in ${scenario}: ${cause}`),
    ...unproven.map((check) => `no fault turned ${check} red`),
    ...broken,
  ];
  return rows.length === 0
    ? ''
    : `<section><h2>What does not hold</h2><ul>${rows.map((row) => `<li><pre>${quoted(row)}</pre></li>`).join('')}</ul></section>`;
}

function faults(rows: readonly MatrixRow[]): string {
  const body = rows.map(
    ({ id, kind, cause, seam, verdict, first, reason, red, reddens, remark, scenarios, met }) => `<tr id="${quoted(id)}">
<th scope="row"><code>${quoted(id)}</code><br><small>${quoted(kind)}</small></th>
<td>${quoted(cause)}<br><small>at ${quoted([seam].flat().join(', '))}, met ${met} times in ${quoted(scenarios.join(', '))}</small></td>
<td class="${classOf(verdict)}">${quoted(verdict)}${remark === undefined ? '' : `<br><small>${quoted(remark)}</small>`}</td>
<td>${checkList(reddens, red, first)}</td>
<td>${reason === undefined ? '' : `<details><summary>its words</summary><pre>${quoted(reason)}</pre></details>`}</td>
</tr>`,
  );
  return `<section><h2>Faults</h2><table>
<thead><tr><th>Fault</th><th>What is broken</th><th>Verdict</th><th>Red checks (expected ones bold)</th><th>Told</th></tr></thead>
<tbody>${body.join('')}</tbody></table></section>`;
}

function checkList(expected: readonly string[], red: readonly string[], first: string | undefined): string {
  const missing = expected.filter((check) => !red.includes(check)).map((check) => `<del>${quoted(check)}</del>`);
  const seen = red.map((check) => {
    const named = expected.includes(check) ? `<b>${quoted(check)}</b>` : quoted(check);
    return check === first ? `${named} <small>first</small>` : named;
  });
  return [...seen, ...missing].join('<br>');
}

function falsePasses(rows: readonly MatrixRow[]): string {
  const body = rows.flatMap(({ id, cause, guideSees, first, verdict }) =>
    guideSees === undefined
      ? []
      : [
          `<tr><th scope="row"><code>${quoted(id)}</code></th><td>${quoted(cause)}</td><td>${quoted(guideSees)}</td><td class="${classOf(verdict)}">${quoted(first ?? '-')}</td></tr>`,
        ],
  );
  return body.length === 0
    ? ''
    : `<section><h2>Where the guide alone would pass</h2><table>
<thead><tr><th>Fault</th><th>What is broken</th><th>What the guide's own step shows</th><th>Seen by</th></tr></thead>
<tbody>${body.join('')}</tbody></table></section>`;
}

function checks({ rows }: Matrix, manifest: Manifest): string {
  const body = manifest.checks.map(({ id, claim }) => {
    const by = rows.filter(({ red, reddens }) => reddens.includes(id) && red.includes(id));
    const also = rows.filter(({ red, reddens }) => !reddens.includes(id) && red.includes(id)).length;
    return `<tr><th scope="row"><code>${quoted(id)}</code></th><td>${quoted(claim)}</td>
<td class="${by.length === 0 ? 'bad' : ''}">${by.map((row) => `<a href="#${quoted(row.id)}">${quoted(row.id)}</a>`).join(', ') || 'none'}</td><td>${also}</td></tr>`;
  });
  return `<section><h2>Checks</h2><table>
<thead><tr><th>Check</th><th>Claim</th><th>Turned red by the faults meant for it</th><th>By others too</th></tr></thead>
<tbody>${body.join('')}</tbody></table></section>`;
}

function assertions(seen: readonly AssertionSeen[]): string {
  const body = seen
    .toSorted((a, b) => a.check.localeCompare(b.check))
    .map(
      ({ check, subject, faults: by }) =>
        `<tr><th scope="row"><code>${quoted(check)}</code></th><td>${quoted(subject)}</td><td>${by.length === 0 ? 'never: the step before it fails first' : quoted(by.join(', '))}</td></tr>`,
    );
  return `<section><h2>Assertions</h2><p>What each check compares, and the faults that made it false.</p><table>
<thead><tr><th>Check</th><th>Subject</th><th>Seen false under</th></tr></thead><tbody>${body.join('')}</tbody></table></section>`;
}

/** Text as HTML. */
function quoted(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
