/** What a gate's page needs beyond the style of every report. */
export const GATE_STYLE = `
.PASS::before{content:"✓"}.INCONCLUSIVE::before{content:"?"}.FAIL::before{content:"✗"}
.PASS{color:var(--valid)}.INCONCLUSIVE{color:var(--suspect)}.FAIL{color:var(--invalid)}
.gate th[scope=row]{min-width:190px}.gate th+th,.gate td{padding-left:15px}.gate td.verdict{white-space:nowrap;text-align:left}.gate td.verdict::before{margin-right:.35em}
.gate th small{display:block;color:var(--muted);font-size:12px}.gate td.text{min-width:300px}.gate+.reasons li{margin:0 0 6px}
.chart .scroll{margin:0}.chart .scroll svg{min-width:720px}
.thresholds{padding:0;list-style:none}.thresholds li{margin:4px 0}.thresholds li::before{margin-right:.5em}
.settle pre{padding:8px 12px;border-left:2px solid var(--faint)}
`;
