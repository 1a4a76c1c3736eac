/** How the page of a proof looks: readable in light and dark, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --fair: #9a6700; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --good: #57d364; --fair: #e3b341; --bad: #ff7b72; } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1200px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; font-weight: normal; }
thead th { position: sticky; top: 0; background: Canvas; font-weight: 600; }
code, pre { font: 13px/1.4 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 45rem; margin: 0; }
small { opacity: .75; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .8rem; }
.good { color: var(--good); } .fair { color: var(--fair); } .bad { color: var(--bad); }
del { color: var(--bad); }
:target { outline: 2px solid var(--fair); }
`;
