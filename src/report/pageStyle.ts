import { FONT } from "./ink.ts"

/** The style sheet of a page: one column of text, rules above and below tables, figures two abreast where there is room. */
export const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.2rem 4rem; max-width: 66rem; font: 17px/1.5 ${FONT}; color: #1a1a1a; background: #fff; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .8rem; padding-bottom: .2rem; border-bottom: 1px solid #bbb; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
.small, figcaption { font-size: .86rem; line-height: 1.45; color: #444; }
.warning { border-left: 4px solid #b03a00; padding: .5rem .9rem; background: #fbf1ec; }
.wide { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; border-top: 1.5px solid #222; border-bottom: 1.5px solid #222; margin: .5rem 0; font-size: .92rem; }
thead { border-bottom: 1px solid #222; }
th { font-weight: normal; font-style: italic; text-align: left; }
th, td { padding: .22rem .8rem; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: .2rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .84em; }
pre { background: #f5f5f5; padding: .7rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
td math[display="block"] { display: inline math; }
td:has(math) { padding-top: .45rem; padding-bottom: .45rem; }
.equation { display: grid; grid-template-columns: minmax(0, 1fr) 9rem 3rem; align-items: center; gap: .6rem; margin: .55rem 0; break-inside: avoid; }
.equation .wide { padding: .2rem 0; }
.equation .label { font-size: .86rem; color: #444; text-align: right; }
.equation .tag { text-align: right; }
.gallery { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 2rem 2.2rem; align-items: start; }
figure { margin: 0; max-width: 34rem; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: .4rem; }
sub, sup { line-height: 0; font-size: .72em; }
@media (max-width: 40rem) {
  body { font-size: 16px; padding: 1.2rem .9rem 3rem; }
  .equation { grid-template-columns: minmax(0, 1fr) 2.4rem; }
  .equation .label { grid-row: 1; grid-column: 1 / -1; text-align: left; }
}
@media print {
  @page { margin: 18mm 16mm; }
  body { font-size: 10pt; padding: 0; max-width: none; }
  .wide { overflow: visible; }
  .gallery { grid-template-columns: 1fr 1fr; gap: 6mm; }
  h2, h3 { break-after: avoid; }
  tr { break-inside: avoid; }
}
`
