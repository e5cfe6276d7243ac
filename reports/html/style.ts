import { cssVariables } from '../palette.ts';

/** The one style sheet of the page: one column, two weights, one set of variables for light, dark and print. */
export const STYLE = `
:root{color-scheme:light dark;${cssVariables('light')}}
@media (prefers-color-scheme:dark){:root{${cssVariables('dark')}}}
@media print{:root{${cssVariables('light')}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1048px;padding:48px 24px 96px;background:var(--paper);color:var(--ink);
  font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
a{color:inherit;text-decoration-color:var(--faint);text-underline-offset:3px}
a:hover{text-decoration-color:currentColor}
h1{font-size:30px;line-height:1.3;font-weight:600;margin:10px 0 20px;letter-spacing:-.01em;text-wrap:pretty;overflow-wrap:anywhere}
h2{font-size:21px;font-weight:600;margin:72px 0 6px;letter-spacing:-.005em}
h3{font-size:16px;font-weight:600;margin:32px 0 4px}
p{margin:8px 0;max-width:760px}
.quiet{color:var(--muted);font-size:14px}
.strip{display:flex;flex-wrap:wrap;gap:6px 28px;margin:0 0 8px;padding:0;list-style:none}
.verdict{font-weight:600}.verdict::before{margin-right:.35em}
.VALID::before{content:"✓"}.SUSPECT::before{content:"?"}.INVALID::before{content:"✗"}
td small.verdict{display:block;font-size:12px}td i.SUSPECT{font-style:normal;font-weight:600;margin-right:.4em}
.VALID{color:var(--valid)}.SUSPECT{color:var(--suspect)}.INVALID{color:var(--invalid)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:26px 24px;margin:36px 0 8px;padding:0}
.figures dt{font-size:13px;color:var(--muted)}.figures dt a{text-decoration:none}.figures dt a:hover{text-decoration:underline}
.figures dd{margin:0;font-size:26px;font-weight:600;line-height:1.3}.figures dd small{display:block;font-size:13px;font-weight:400;color:var(--muted)}
.scroll{overflow-x:auto;margin:14px 0}
table{border-collapse:collapse;font-size:14px;line-height:1.45;min-width:420px}
th,td{padding:5px 0 5px 22px;text-align:right;vertical-align:top;border-bottom:1px solid var(--grid)}
th:first-child,td:first-child{padding-left:0;text-align:left}
th{font-weight:400;color:var(--muted)}thead th{border-bottom:1px solid var(--faint)}
th a{text-decoration:none}th a:hover{text-decoration:underline}
td.text,th.text{text-align:left}td.text{overflow-wrap:break-word}td.text:first-child{min-width:10em}
td.figure{white-space:nowrap}
.beside{display:flex;flex-wrap:wrap;gap:0 56px;align-items:flex-start}.beside>div{flex:1 1 400px;min-width:0}.beside table{width:100%;min-width:0}.beside h3{margin-top:18px}
.claim{color:var(--claim)}td.claim{font-style:normal;border-bottom-style:dashed}
.unsupported{color:var(--faint)}
.reasons{padding:0;list-style:none;margin:16px 0}.reasons li{margin:0 0 16px;max-width:760px}
figure{margin:32px 0 0}figure svg{display:block;overflow:visible}
figcaption{font-size:13px;color:var(--muted);margin-top:8px}
pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;overflow:auto;max-height:420px;white-space:pre-wrap;overflow-wrap:anywhere}
code{font:13px ui-monospace,SFMono-Regular,Menlo,monospace}
details{margin:12px 0}summary{cursor:pointer;color:var(--muted);font-size:14px}
dl.definitions{columns:2;column-gap:56px}dl.definitions dd{break-before:avoid;margin-bottom:14px}
dl.definitions dt{break-after:avoid;font-weight:600;margin-top:0;font-size:14px;scroll-margin-top:16px}dl.definitions dd{margin:0 0 14px;font-size:14px;color:var(--muted)}
dl.definitions dt:target{text-decoration:underline;text-underline-offset:4px}
.tip{position:fixed;pointer-events:none;background:var(--ink);color:var(--paper);font-size:13px;padding:3px 9px;border-radius:3px;z-index:2;max-width:420px;overflow-wrap:anywhere}
.tip[hidden]{display:none}
.flame-tools{display:flex;flex-wrap:wrap;gap:10px 14px;align-items:center;margin:12px 0 8px;font-size:14px}
.flame-tools input{font:inherit;padding:3px 8px;border:1px solid var(--faint);border-radius:3px;background:none;color:inherit;width:210px}
.flame-tools button{font:inherit;padding:3px 12px;border:1px solid var(--faint);border-radius:3px;background:none;color:inherit;cursor:pointer}
.flame-tools .key{display:inline-flex;align-items:center;gap:6px;color:var(--muted)}.flame-tools .key i{width:11px;height:11px;border-radius:2px;display:inline-block}
.flame svg g[tabindex]{cursor:pointer;outline:none}.flame svg g[tabindex]:focus rect{stroke:var(--ink);stroke-width:2}
.flame svg g.dim{opacity:.22}.flame-detail{min-height:1.5em;font-size:13px;color:var(--muted);overflow-wrap:anywhere}
@media(max-width:640px){dl.definitions{columns:1}body{padding:28px 16px 64px}h1{font-size:23px}}
@media print{body{padding:0;font-size:11pt;max-width:none}h2{margin-top:32pt;break-after:avoid}figure,tr,.reasons li{break-inside:avoid}.flame-tools,.links{display:none}details:not([open]){display:none}a{text-decoration:none}}
`;
