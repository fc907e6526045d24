/** The report's only style sheet; the page's policy admits it by its hash. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f6f8fa; --line: #d8dee4; --text: #1f2328; --soft: #59636e;
  --error: #c21c2c; --error-bg: #ffebec; --warning: #8a5a00; --warning-bg: #fff5d6; --note: #0b5cc4; --note-bg: #e6f1ff;
  --pass: #1a7f37; --pass-bg: #e4f7e8; --mark: #ffe08a; --mark-text: #2b2000;
  --mono: ui-monospace, SFMono-Regular, "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15181c; --panel: #1d2127; --line: #363c45; --text: #e3e7ec; --soft: #9aa4b0;
    --error: #ff8088; --error-bg: #3d1a1e; --warning: #f2c14e; --warning-bg: #38290a; --note: #7ab7ff; --note-bg: #142b47;
    --pass: #63cf7f; --pass-bg: #12301b; --mark: #6b5300; --mark-text: #fff6d8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 44px 0 12px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
h3 { font-size: 16px; margin: 0; overflow-wrap: anywhere; }
p { margin: 6px 0; }
a { color: var(--note); }
.soft { color: var(--soft); }
.small { font-size: 13px; }
code, .mono { font-family: var(--mono); font-size: 0.88em; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 18px; padding: 0; margin: 8px 0 0; list-style: none; color: var(--soft); font-size: 14px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 16px 0 0; padding: 0; list-style: none; font-size: 13.5px; }
.mark { display: inline-block; margin: 4px 0 0; padding: 1px 10px; border: 1px dashed var(--line); border-radius: 4px; color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
.strip { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 24px 0 8px; padding: 0; list-style: none; }
.cell { border: 1px solid var(--line); border-top: 4px solid var(--soft); border-radius: 6px; padding: 12px 14px; background: var(--panel); }
.cell .question { font-size: 13px; color: var(--soft); margin: 0; }
.cell .answer { font-weight: 600; margin: 2px 0 6px; overflow-wrap: anywhere; }
.cell .detail { font-size: 13px; color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.cell.error { border-top-color: var(--error); } .cell.warning { border-top-color: var(--warning); }
.cell.note { border-top-color: var(--note); } .cell.pass { border-top-color: var(--pass); }
.cell.error .answer { color: var(--error); } .cell.warning .answer { color: var(--warning); }
.cell.note .answer { color: var(--note); } .cell.pass .answer { color: var(--pass); }
.badge { display: inline-block; border-radius: 10px; padding: 0 9px; font-size: 12px; font-weight: 600; line-height: 20px; background: var(--panel); color: var(--soft); border: 1px solid var(--line); }
.badge.error { background: var(--error-bg); color: var(--error); border-color: transparent; }
.badge.warning { background: var(--warning-bg); color: var(--warning); border-color: transparent; }
.badge.note, .badge.info { background: var(--note-bg); color: var(--note); border-color: transparent; }
.badge.pass { background: var(--pass-bg); color: var(--pass); border-color: transparent; }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 6px; padding: 14px 18px; margin: 14px 0; break-inside: avoid; }
.finding.error { border-left-color: var(--error); } .finding.warning { border-left-color: var(--warning); } .finding.note, .finding.info { border-left-color: var(--note); }
.finding header { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: baseline; }
.finding .message { font-size: 16px; margin: 10px 0; overflow-wrap: anywhere; }
.occasions { list-style: none; margin: 0; padding: 0; } .occasions > li { border-top: 1px solid var(--line); margin-top: 12px; } .occasions .message { font-size: 15px; }
.evidence { list-style: none; margin: 10px 0; padding: 0; }
.evidence li { margin: 8px 0; }
.quote { display: block; margin-top: 3px; padding: 7px 10px; background: var(--panel); border-radius: 4px; font-family: var(--mono); font-size: 12.5px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: var(--mark); color: var(--mark-text); border-radius: 2px; padding: 1px 0; font-weight: 600; }
.notes { list-style: none; padding: 0; } .notes li { border-left: 4px solid var(--note); padding: 2px 14px; margin: 12px 0; } .note-text { white-space: pre-wrap; overflow-wrap: anywhere; }
dl.mend { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 10px 0 0; font-size: 14px; }
dl.mend dt { color: var(--soft); } dl.mend dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } .scroll + .scroll { margin-top: 20px; }
table { border-collapse: collapse; width: 100%; min-width: 520px; font-size: 13.5px; }
caption { text-align: left; color: var(--soft); padding: 0 0 6px; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } thead th { color: var(--soft); font-size: 12.5px; white-space: nowrap; }
td { overflow-wrap: anywhere; }
.matrix th, .matrix td { text-align: center; white-space: nowrap; } .matrix tbody th { text-align: left; font-family: var(--mono); font-weight: 400; font-size: 12.5px; }
.matrix .first { border-left: 1px solid var(--line); }
.matrix .lost { background: var(--warning-bg); color: var(--warning); font-weight: 600; }
.matrix .yes { color: var(--pass); } .matrix .asked { color: var(--error); font-weight: 600; }
figure { margin: 14px 0 26px; break-inside: avoid; }
figcaption { margin-bottom: 6px; }
svg { display: block; width: 100%; min-width: 640px; height: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; font-size: 12.5px; fill: var(--text); }
svg .lane { font-weight: 600; } svg .host { fill: var(--soft); font-size: 11px; } svg .time { fill: var(--soft); font-size: 11px; }
svg .rail { stroke: var(--line); stroke-width: 1.5; } svg .arrow { stroke: var(--text); stroke-width: 1.4; fill: none; } svg .back { stroke: var(--soft); stroke-width: 1.4; stroke-dasharray: 5 4; fill: none; }
svg .head { fill: var(--text); } svg .backhead { fill: var(--soft); }
svg .row { fill: none; } svg g:target .row { fill: var(--mark); fill-opacity: 0.35; } .finding:target { outline: 2px solid var(--note); outline-offset: 2px; }
svg .bad { fill: var(--error); } svg .arrow.bad, svg .back.bad { stroke: var(--error); fill: none; } svg .label { paint-order: stroke; stroke: var(--panel); stroke-width: 4px; stroke-linejoin: round; }
svg .flag { fill: var(--warning-bg); stroke: var(--warning); } svg .flag.error { fill: var(--error-bg); stroke: var(--error); } svg .flag.note { fill: var(--note-bg); stroke: var(--note); }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--note); }
summary:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--note); outline-offset: 2px; }
footer { margin-top: 56px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
@media (max-width: 860px) { .strip { grid-template-columns: repeat(2, 1fr); } main { padding: 20px 14px 40px; } }
@media (max-width: 480px) { .strip { grid-template-columns: 1fr; } }
@media print {
  nav, details:not(.more) { display: none; }
  details.more::details-content { content-visibility: visible; block-size: auto; }
  svg, table { min-width: 0; } .scroll { overflow: visible; }
  .matrix th, .matrix td { padding: 4px; font-size: 11px; white-space: normal; } tr { break-inside: avoid; } h2, figcaption, caption { break-after: avoid; }
  :root { color-scheme: light; --page: #fff; --panel: #f6f8fa; --line: #ccc; --text: #000; --soft: #444; --error: #a00; --error-bg: #fee; --warning: #740; --warning-bg: #ffd; --note: #04a; --note-bg: #eef; --pass: #060; --pass-bg: #efe; --mark: #fe8; --mark-text: #000; }
  main { max-width: none; padding: 0; } a { color: inherit; text-decoration: none; }
}
`;
