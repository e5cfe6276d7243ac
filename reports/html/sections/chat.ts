import type { ChatFigures, Run } from '../../../contract/result.ts';
import { formatCount, formatUs, NOT_DEFINED } from '../../numbers.ts';
import { backingOf } from '../../percentiles.ts';
import { type Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import type { ReportView } from '../view.ts';

const count = (label: string, of: (chat: ChatFigures, run: Run) => number | null): RunFigure => ({
  label,
  definition: 'echo',
  of: (run) => run.chat && of(run.chat, run),
  format: formatCount,
});
const echo = (label: string, key: 'p50' | 'p95' | 'p99'): RunFigure => ({
  label,
  definition: 'echo',
  of: ({ chat }) => chat?.echoUs[key],
  backing: ({ chat }) => chat && backingOf(chat.echoUs, key),
  format: formatUs,
  unit: 'µs',
  missing: NOT_DEFINED,
  family: 'latency',
});

const FIGURES: readonly RunFigure[] = [
  echo('echo latency, median', 'p50'),
  echo('echo latency, p95', 'p95'),
  echo('echo latency, p99', 'p99'),
  {
    label: 'delivery latency to all members, median',
    definition: 'delivery-latency',
    of: (run) => (run.chat ? run.latencyUs?.delivery.p50 : null),
    format: formatUs,
    unit: 'µs',
    missing: NOT_DEFINED,
    family: 'latency',
  },
  count('said by clients', ({ messages }) => messages),
  count('of these, typing notices', ({ typing }) => typing),
  count('clients that ended their half', ({ halfClosed }) => halfClosed),
  count('clients that could only fall silent', ({ halfCloseRefused }) => halfCloseRefused),
  count('due to those that ended their half', ({ halfClosedExpected }) => halfClosedExpected),
  count('of these, received', ({ halfClosedReceived }) => halfClosedReceived),
  count('TCP connections at the end', ({ tcpConnections }) => tcpConnections),
  count('for so many clients', (_, { connections }) => connections.established),
];

/** What it takes for clients to speak, and whether they still hear when they have said their last. */
export function chatSection(view: ReportView): Html | null {
  const spoken = view.runs.filter(({ run }) => run.chat !== null);
  if (spoken.length === 0) return null;
  return section('What does it take for clients to speak?', [
    html`${spoken.map(({ run, label }) => story(run, spoken.length > 1 ? `${label}: ` : ''))}`,
    runFigures({ ...view, runs: spoken }, FIGURES),
    html`<p class="quiet">The members of a room speak in turn and each gets a copy of its own words, so every message is in the ledger once for each member. Several of them speak into one room, and its order is that in which the server takes them: “reordered” counts those that overtook another on the way up.</p>`,
  ]);
}

const UPLINK: Readonly<Record<string, string>> = {
  stream: 'clients speak on the stream on which they listen',
  post: 'clients post what they say beside the stream on which they listen',
};

function story({ chat, connections }: Run, label: string): Html | null {
  if (chat === null) return null;
  const tcp = chat.tcpConnections;
  const shared =
    tcp === null
      ? ''
      : `, ${formatCount(tcp)} TCP connections for ${formatCount(connections.established)} clients at the end`;
  return html`<p>${label}${UPLINK[chat.uplink] ?? chat.uplink}${shared}; ${halves(chat)}.</p>`;
}

function halves(chat: ChatFigures): string {
  const { halfClosed, halfCloseRefused, halfClosedExpected, halfClosedReceived } = chat;
  if (halfClosed > 0) {
    const missed = halfClosedExpected - halfClosedReceived;
    const heard = missed <= 0 ? 'missed nothing' : `missed ${formatCount(missed)} deliveries`;
    return `${formatCount(halfClosed)} ended their half, went on listening and ${heard}`;
  }
  if (halfCloseRefused > 0) {
    return `${formatCount(halfCloseRefused)} were to end their half, and could only fall silent: the protocol has no half-close`;
  }
  return 'all of them spoke to the end';
}
