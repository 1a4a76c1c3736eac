/** How the page of a proof looks: readable in light and dark, on a phone, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --fair: #9a6700; --bad: #cf222e; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --good: #57d364; --fair: #e3b341; --bad: #ff7b72; } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1280px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; }
h2 { margin-top: 2.5rem; }
.verdict { font-size: 1.3rem; font-weight: 600; margin: .2rem 0; }
nav { display: flex; flex-wrap: wrap; gap: 1.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .45rem .6rem; text-align: left; vertical-align: top; font-weight: normal; }
thead th { font-weight: 600; background: var(--soft); white-space: nowrap; }
tbody th > code { white-space: nowrap; }
.faults tbody th { min-width: 16rem; width: 34%; }
.faults td:nth-child(2) { width: 6rem; }
.faults td:last-child { min-width: 18rem; width: 38%; }
code, pre { font: 12.5px/1.4 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
small { opacity: .8; }
summary { cursor: pointer; }
details pre { margin-top: .3rem; padding-left: .6rem; border-left: 3px solid var(--line); }
.how { margin-top: 1.5rem; padding: .6rem 1rem; background: var(--soft); border-radius: 6px; max-width: 60rem; }
.how dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
.how dd { margin: 0; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .8rem; }
.tiles b { font-size: 1.2rem; }
#filter { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; position: sticky; top: 0; background: Canvas; padding: .6rem 0; z-index: 1; }
#filter[hidden] { display: none; }
#filter label { display: grid; font-size: .85rem; }
#filter input, #filter select, #filter button { font: inherit; padding: .2rem .4rem; max-width: 16rem; }
.good { color: var(--good); } .fair { color: var(--fair); } .bad { color: var(--bad); }
.trouble { border: 2px solid var(--bad); border-radius: 6px; padding: 0 1rem 1rem; margin-top: 1rem; }
.trouble h2 { margin-top: 1rem; }
del { color: var(--bad); }
:target { outline: 2px solid var(--fair); scroll-margin-top: 5rem; }
@media (max-width: 700px) { #filter { position: static; } }
@media print { #filter, nav { display: none; } body { max-width: none; font-size: 11px; } tr { break-inside: avoid; } }
`;
