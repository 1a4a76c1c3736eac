import type { Manifest } from '../../helpers/claims.ts';
import { htmlPage, quoted } from '../html.ts';
import type { AssertionSeen } from './assertions.ts';
import type { FalsePassSeen, Matrix, MatrixRow, Verdict } from './matrix.ts';
import { classOf, code, faultRow, options, VERDICTS } from './matrix-rows.ts';
import { SCRIPT } from './matrix-script.ts';
import { STYLE } from './matrix-style.ts';

/** When and how the proof was made. */
export interface MatrixFacts {
  /** ISO time. */
  readonly madeAt: string;
  readonly seconds: number;
  readonly runs: number;
}

/** The matrix as one HTML page that opens without a network. */
export function matrixPage(matrix: Matrix, manifest: Manifest, facts: MatrixFacts): string {
  const body = [
    ...[summary(matrix, facts), troubles(matrix), howToRead(), falsePasses(matrix.falsePasses)],
    ...[faults(matrix.rows), checks(matrix, manifest), assertions(matrix)],
  ].join('\n');
  return htmlPage({ language: 'en', title: 'Proof: every check is seen failing', style: STYLE, body, script: SCRIPT });
}

function summary(matrix: Matrix, { madeAt, seconds, runs }: MatrixFacts): string {
  const { rows, falseAlarms, unproven, unseen, holds } = matrix;
  const count = (wanted: Verdict) => rows.filter(({ verdict }) => verdict === wanted).length;
  const counts = VERDICTS.map((verdict) => tile(verdict, count(verdict), classOf(verdict)));
  const demanded = [
    tile('false alarms on a healthy cluster', falseAlarms.length, 'bad'),
    tile('checks never seen red', unproven.length, 'bad'),
    tile('assertions never seen false', unseen.length, 'bad'),
  ];
  return `<header>
<h1>Every check is seen failing</h1>
<p class="verdict ${holds ? 'good' : 'bad'}">${holds ? 'The proof holds.' : 'The proof does not hold.'}</p>
<p>${rows.length} ways for a deployment to be broken were planted, each in a mock cluster of its own, and the checks that can see it looked there.
${runs} runs in ${seconds} s, ${quoted(madeAt.replace(/:\d\d\.\d+Z$/, ' UTC').replace('T', ' '))}.</p>
<ul class="tiles">${tile('faults', rows.length, '')}${counts.join('')}${demanded.join('')}</ul>
<nav>${SECTIONS.map(([id, title]) => `<a href="#${id}">${title}</a>`).join('')}</nav>
</header>`;
}

const SECTIONS = [
  ['false-passes', 'Where the guide passes falsely'],
  ['faults', 'Faults'],
  ['checks', 'Checks'],
  ['assertions', 'Assertions'],
] as const;

/** What must be none is only coloured when there is some. */
const tile = (text: string, value: number, style: string) =>
  `<li class="${value === 0 ? '' : style}"><b>${value}</b> ${quoted(text)}</li>`;

function troubles({ falseAlarms, unproven, unseen, idleExcuses, falsePasses: passes, altered, broken }: Matrix): string {
  const rows = [
    ...falseAlarms.map(({ scenario, check, cause }) => `false alarm: ${check} in ${scenario}: ${cause}`),
    ...unproven.map((check) => `no fault turned ${check} red`),
    ...unseen.map(({ check, subject }) => `no fault made it false: ${subject} (${check})`),
    ...idleExcuses.map(({ check, subject }) => `excused for nothing: ${subject} (${check})`),
    ...passes.flatMap(({ id, broken: what, isCaught }) =>
      isCaught ? [] : [`a false pass of the guide was not seen: ${id}, ${what}`],
    ),
    ...altered.missed.map((what) => `a field that a layer tells was altered, and the model did not see it: ${what}`),
    ...broken,
  ];
  return rows.length === 0
    ? ''
    : `<section class="trouble"><h2>What does not hold</h2><ul>${rows.map((row) => `<li><pre>${quoted(row)}</pre></li>`).join('')}</ul></section>`;
}

function howToRead(): string {
  const meanings: readonly (readonly [Verdict, string])[] = [
    ['caught', 'all checks that must see the fault turned red, and the one that is there for it was the first'],
    ['caught by another', 'the same, but another check was first; the row says why'],
    ['tolerated', 'what a healthy cluster may do, too: nothing turned red, as it should be'],
    ['missed', 'a check that must see it stayed green'],
    ['false alarm', 'something turned red that must not'],
    ['never met', 'nothing in the run met the fault, so that nothing is proved'],
    ['broken', 'the run itself came to nothing'],
  ];
  return `<details class="how"><summary>How to read this page</summary>
<p>A <b>fault</b> is one realistic way to be broken: what is wrong in words, and the seam of the mock at which it strikes. Each names the <b>checks</b> that must turn red, the one that is there for it first. “Told” is what the check said, word for word, as an operator would read it.</p>
<dl>${meanings.map(([verdict, meaning]) => `<dt class="${classOf(verdict)}">${verdict}</dt><dd>${meaning}</dd>`).join('')}</dl>
<p>A check may compare several things: each of these <b>assertions</b> must have been seen false as well. A wait that was given up counts as the assertion after it.</p>
</details>`;
}

function falsePasses(passes: readonly FalsePassSeen[]): string {
  const body = passes.map(
    ({ id, broken, guideSees, faults: own, seenBy, isCaught }) => `<tr><th scope="row">${code(id)}</th><td>${quoted(broken)}</td>
<td>${spoken(guideSees)}</td>
<td class="${isCaught ? 'good' : 'bad'}">${isCaught ? 'caught' : 'not caught'}</td><td>${seenBy.map(code).join('<br>')}</td>
<td>${own.map(faultLink).join('<br>')}</td></tr>`,
  );
  return body.length === 0
    ? ''
    : `<section id="false-passes"><h2>Where the guide passes falsely</h2>
<p>Who follows the guide step by step sees nothing wrong on these ${passes.length} broken deployments. The suite does.</p><div class="wide"><table>
<thead><tr><th>No.</th><th>What is broken</th><th>What the guide's own step shows</th><th>Here</th><th>Seen by</th><th>Shown by the faults</th></tr></thead>
<tbody>${body.join('')}</tbody></table></div></section>`;
}

/** Text with commands between backticks. */
const spoken = (text: string) => quoted(text).replace(/&#96;([^&]*)&#96;|`([^`]*)`/g, (_all, a, b) => `<code>${a ?? b}</code>`);

const faultLink = (id: string) => `<a href="#fault:${quoted(id)}">${code(id)}</a>`;

function faults(rows: readonly MatrixRow[]): string {
  const named = [...new Set(rows.flatMap(({ reddens, red }) => [...reddens, ...red]))].toSorted();
  const kinds = [...new Set(rows.map(({ kind }) => kind))].toSorted();
  const verdicts = VERDICTS.filter((verdict) => rows.some((row) => row.verdict === verdict));
  return `<section id="faults"><h2>Faults</h2>
<form id="filter" hidden>
<label>Words <input name="words" type="search" placeholder="quota, F38, detach…"></label>
<label>Check <select name="check"><option value="">all</option>${options(named)}</select></label>
<label>Outcome <select name="verdict"><option value="">all</option>${options(verdicts)}</select></label>
<label>Kind <select name="kind"><option value="">all</option>${options(kinds)}</select></label>
<button type="reset">Show all</button> <output></output>
</form>
<div class="wide"><table class="faults">
<thead><tr><th>What is broken</th><th>Outcome</th><th>Red checks</th><th>Told</th></tr></thead>
<tbody>${rows.map(faultRow).join('')}</tbody></table></div></section>`;
}

function checks({ rows }: Matrix, manifest: Manifest): string {
  const body = manifest.checks.map(({ id, claim }) => {
    const by = rows.filter(({ red, reddens }) => reddens.includes(id) && red.includes(id));
    const also = rows.filter(({ red, reddens }) => !reddens.includes(id) && red.includes(id)).length;
    return `<tr id="check:${quoted(id)}"><th scope="row">${code(id)}</th><td>${quoted(claim)}</td>
<td class="${by.length === 0 ? 'bad' : ''}">${by.length === 0 ? 'none' : `<details><summary>${by.length}</summary>${by.map((row) => faultLink(row.id)).join('<br>')}</details>`}</td><td>${also === 0 ? '' : also}</td></tr>`;
  });
  return `<section id="checks"><h2>Checks</h2><div class="wide"><table>
<thead><tr><th>Check</th><th>Claim</th><th>Faults meant for it that turned it red</th><th>Others</th></tr></thead>
<tbody>${body.join('')}</tbody></table></div></section>`;
}

function assertions({ assertions: seen, excuses, unseen }: Matrix): string {
  const body = seen
    .toSorted((a, b) => a.check.localeCompare(b.check))
    .map((one) => {
      const excuse = excuses.find(({ check, subject }) => check === one.check && subject === one.subject)?.reason;
      const why = unseen.includes(one)
        ? '<span class="bad">never</span>'
        : quoted(excuse === undefined ? '-' : `cannot be: ${excuse}`);
      return `<tr><th scope="row">${code(one.check)}</th><td>${quoted(one.subject)}</td><td>${falseUnder(one) ?? why}</td></tr>`;
    });
  return `<section id="assertions"><h2>Assertions</h2><p>What each check compares, and the faults that made it false.</p><div class="wide"><table>
<thead><tr><th>Check</th><th>Subject</th><th>Seen false under</th></tr></thead><tbody>${body.join('')}</tbody></table></div></section>`;
}

const MOST_NAMED = 3;

function falseUnder({ faults: by }: AssertionSeen): string | undefined {
  const more = by.length > MOST_NAMED ? `, and ${by.length - MOST_NAMED} more` : '';
  return by.length === 0 ? undefined : `${by.slice(0, MOST_NAMED).map(faultLink).join(', ')}${more}`;
}
