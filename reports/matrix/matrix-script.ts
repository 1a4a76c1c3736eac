/** What the page of a proof does when scripts are on: faults are filtered, and a link to one shows it whatever the filter says. */
export const SCRIPT = `
'use strict';
const form = document.getElementById('filter');
const rows = [...document.querySelectorAll('.faults tbody tr')];
const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
function apply() {
  const asked = Object.fromEntries(new FormData(form));
  const wanted = asked.words.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const { kind, verdict, checks } = row.dataset;
    row.hidden = !(
      (asked.kind === '' || asked.kind === kind) &&
      (asked.verdict === '' || asked.verdict === verdict) &&
      (asked.check === '' || checks.split(' ').includes(asked.check)) &&
      wanted.every((word) => words.get(row).includes(word))
    );
    shown += row.hidden ? 0 : 1;
  }
  form.querySelector('output').textContent = shown + ' of ' + rows.length + ' faults';
}
form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(apply));
addEventListener('hashchange', () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.hidden) {
    form.reset();
    target.hidden = false;
    target.scrollIntoView();
  }
});
form.hidden = false;
apply();
`;
