import type { Run, ValidityReason } from '../../../contract/result.ts';
import { formatRateOf, formatShare, formatUs, orMissing, significant } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

/** Is it true? Reasons with figure, bound and advice; what speaks for the figures; what was not measured. */
export function validitySection(view: ReportView): Html {
  const { runs, result } = view;
  const reasons = runs.flatMap(({ run, label }) =>
    run.validity.reasons.map((reason) => reasonItem(reason, runs.length > 1 ? label : null)),
  );
  const list =
    reasons.length > 0
      ? html`<ul class="reasons">${reasons}</ul>`
      : html`<p>No rule of <a href="#def-validity">validity</a> fired.</p>`;
  const evidence = runs.flatMap(({ run, label }) => evidenceOf(run).map((text) => [label, text]));
  return html`<section id="validity"><h2>Is it true?</h2>${status(
    result.status,
    runs.map(({ run }) => run),
  )}${list}
${evidence.length > 0 ? textTable(['server', 'what speaks for it, or against it'], evidence) : null}
<p>Server and generator ran on one machine and shared its cores: these figures are <em>co-located</em>. On loopback the sender is also charged for the receiver’s half of the kernel path.</p>
${notMeasured(view)}</section>`;
}

function status(state: string, runs: readonly Run[]): Html | null {
  if (state !== 'aborted') return null;
  const why = runs.flatMap(({ abortReason }) => (abortReason ? [abortReason] : [])).join('; ');
  return html`<p><span class="verdict INVALID">Aborted</span>${why ? `: ${why}` : ''}. What follows is what had been measured by then.</p>`;
}

function reasonItem(reason: ValidityReason, label: string | null): Html {
  const { verdict, families, message, advice, figure, bound, unit } = reason;
  const owner = label ? html`${label}: ` : null;
  return html`<li><span class="verdict ${verdict}">${verdict}</span> (${families.join(', ')}) ${owner}${message}
<br><span class="quiet">Figure ${significant(figure)} ${unit}, bound ${significant(bound)} ${unit}. ${advice}</span></li>`;
}

function evidenceOf(run: Run): string[] {
  return [probeText(run), halvesText(run), drainText(run), publisherText(run), exactText(run)].flatMap(
    (text) => (text ? [text] : []),
  );
}

function probeText({ probe }: Run): string | null {
  if (!probe || probe.connections === 0) return null;
  const { p50Us, neighbourP50Us, boundUs, agrees } = probe;
  if (agrees === null)
    return `${probe.connections} probes on the protocol’s own client: too little to compare`;
  const says = agrees ? 'agree with' : 'disagree with';
  return `${probe.connections} probes on the protocol’s own client ${says} their neighbours in connect order: median ${us(p50Us)} against ${us(neighbourP50Us)}, bound ${us(boundUs)}`;
}

function halvesText({ halves }: Run): string | null {
  if (!halves) return null;
  const { first, second } = halves;
  return `first and second half of the window: p50 ${us(first.p50)} and ${us(second.p50)}, p99 ${us(first.p99)} and ${us(second.p99)}`;
}

function drainText({ deliveries }: Run): string | null {
  if (!deliveries) return null;
  const end = deliveries.drainBoundHit
    ? 'ended at its bound: what counts as lost may be late'
    : 'every expected delivery was accounted for';
  const lostSome = deliveries.lost > 0 && !deliveries.drainBoundHit;
  return lostSome ? null : `drain of ${formatUs(deliveries.drainMs * 1000)}: ${end}`;
}

function publisherText({ publish, latencyUs }: Run): string | null {
  if (!publish) return null;
  const lag = latencyUs ? `, send lag p99 ${us(latencyUs.sendLag.p99)}` : '';
  return `${formatRateOf(publish.achievedPerSecond, 'publishes')} of ${formatRateOf(publish.offeredPerSecond, 'publishes')} offered${lag}`;
}

function exactText({ deliveries, cpu }: Run): string | null {
  const softirq =
    cpu.hostSoftirqShare === null ? '' : `; softirq ${formatShare(cpu.hostSoftirqShare)} of the host`;
  if (!deliveries) return null;
  const ledger = deliveries.exact
    ? 'the ledger is exact: one bit per expected delivery'
    : 'the ledger used a window: counts are not exact';
  return `${ledger}${softirq}`;
}

function us(value: number | null): string {
  return orMissing(value, formatUs, 'not defined');
}

function notMeasured({ runs }: ReportView): Html | null {
  const rows = runs.flatMap(({ run }) => run.notMeasured.map(({ what, why }) => `${what}\n${why}`));
  if (rows.length === 0) return null;
  const distinct = [...new Set(rows)].map((row) => row.split('\n'));
  return html`<h3>Not measured</h3>${textTable(['what', 'why'], distinct)}`;
}
