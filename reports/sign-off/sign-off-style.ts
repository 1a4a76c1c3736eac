/** For a screen, and for paper of A4. */
export const STYLE = `
@page { size: A4; margin: 10mm 13mm; }
* { box-sizing: border-box; }
body { font: 8pt/1.25 system-ui, sans-serif; color: #111; margin: 0 auto; max-width: 182mm; padding: 4mm; overflow-wrap: anywhere; }
h1 { font-size: 15pt; margin: 0 0 2mm; }
h2 { font-size: 8.5pt; margin: 1.5mm 0 0.3mm; break-after: avoid; }
p { margin: 0.5mm 0; }
.mark { font-weight: bold; border: 1pt solid #a40; color: #a40; padding: 0.5mm 2mm; }
.verdict { font-size: 17pt; font-weight: bold; border-left: 3mm solid; padding-left: 3mm; margin: 2mm 0; }
.verdict small { display: block; font-size: 8.5pt; font-weight: normal; color: #111; }
.good { color: #05642a; }
.bad { color: #a00; }
dl { font-size: 7.5pt; display: grid; grid-template-columns: 1fr 1fr; gap: 0 6mm; grid-auto-flow: dense; margin: 1mm 0; }
dl div { display: grid; grid-template-columns: 28mm 1fr; column-gap: 1mm; border-bottom: 0.3pt solid #ccc; }
dl .wide { grid-column: 1 / -1; }
dt { color: #555; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 1mm 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3mm 1.5mm 0.3mm 0; border-bottom: 0.3pt solid #ccc; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.chapters td:first-child { width: 40%; }
.chapters td { font-size: 7.5pt; }
ul { margin: 0; padding-left: 4mm; }
.sum { font-family: ui-monospace, monospace; font-size: 7pt; }
.signatures td { height: 10mm; vertical-align: bottom; }
.signatures td:not(:first-child), .signatures th:not(:first-child) { width: 27%; border-left: 0.3pt solid #ccc; padding-left: 1.5mm; }
.annex { break-before: page; }
.checks td:nth-child(1) { width: 22%; }
.checks td:nth-child(3) { width: 12%; }
.checks td:nth-child(4) { width: 24%; }
.loads td { white-space: nowrap; }
.loads .bars { width: 40%; }
.bar { height: 1.6mm; margin: 0.3mm 0; background: #2a6; print-color-adjust: exact; }
.bar.before { background: #bbb; }
small { color: #444; }
@media (max-width: 600px) {
  dl { grid-template-columns: 1fr; }
  .annex table { display: block; overflow-x: auto; }
}
@media print { body { padding: 0; max-width: none; } }
`;
