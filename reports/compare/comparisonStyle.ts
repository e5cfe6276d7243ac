/** What a comparison's page needs beyond the style of every report. */
export const COMPARISON_STYLE = `
.meaning{padding:0;margin:14px 0;list-style:none;max-width:820px}.meaning li{margin:0 0 10px}
.meaning pre{margin:6px 0 0;padding:8px 12px;border-left:2px solid var(--faint);max-width:100%}
table.ladder{width:100%}
.ladder small{display:block;font-size:12px;color:var(--muted);font-weight:400}
.ladder small.verdict{font-weight:600}.ladder small.SUSPECT{color:var(--suspect)}.ladder small.INVALID{color:var(--invalid)}
.ladder b{font-weight:600}.ladder thead th{color:var(--ink);font-weight:600;vertical-align:bottom}
.ladder th[scope=rowgroup]{padding-top:20px;font-weight:600;color:var(--ink);border-bottom-color:var(--faint)}
.ladder thead span{display:inline-block;border-top:3px solid;padding-top:5px}.ladder thead i{font-style:normal;white-space:nowrap}
.ladder th[scope=row]{min-width:176px;position:sticky;left:0;background:var(--paper)}
.flames{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:8px 28px}
.flames>.flame{min-width:0}.flames h3{margin-top:18px}
@media print{.flames{grid-template-columns:1fr 1fr}.meaning li{break-inside:avoid}}
`;
