import { listOf } from '../../compare/listOf.ts';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatRateOf,
  formatShare,
  formatUs,
  significant,
  UNIT_GAP,
} from '../../numbers.ts';
import type { RankedOption } from '../option.ts';
import type { Quantity } from '../range.ts';
import type { Bound } from '../sizing.ts';
import { deliveriesPerSecond, type Sourced } from '../traffic.ts';
import { sourceNote } from './options.ts';
import type { Setting } from './setting.ts';
import { stretchText } from './stretch.ts';
import { blocks, countText, moneyOf, plain, table } from './words.ts';

/** How many nodes each option needs: a table that can be checked by hand. */
export function sizingText(setting: Setting): string {
  const sized = setting.record.options.filter(({ sizing }) => sizing !== null);
  if (sized.length === 0)
    return blocks('### Sizing', 'Nothing can be sized: what is missing is told under the cost.');
  return blocks(
    '### Sizing',
    'First what has to be served and what a node is. Every measured figure is taken at the end of its interval that needs more: a fleet that is too small costs more than one that is a little too large. Rows can be checked by hand with the formula beside their name.',
    assumptions(setting),
    'What each option needs of it:',
    needs(setting, sized),
    stretchText(setting),
  );
}

function assumptions({ record: { traffic, node } }: Setting): string {
  const row = (name: string, letter: string, sourced: Sourced | null, format: (value: number) => string) =>
    sourced === null ? [] : [[name, letter, format(sourced.value), sourced.source]];
  const seconds = { ...node.reconnectWithinMs, value: node.reconnectWithinMs.value * 1_000 };
  return table(
    ['factor', 'letter', 'value', 'source'],
    [
      ...row('users', 'U', traffic.users, formatCount),
      ...row('share of them connected at the peak', 's', traffic.peakShare, formatShare),
      ...row('connections at the peak', 'N', traffic.connections, formatCount),
      ...row('messages per second', 'm', traffic.messagesPerSecond, formatRate),
      ...row('clients that each reaches', 'f', traffic.fanOut, formatCount),
      ['deliveries per second', 'D', formatRateOf(deliveriesPerSecond(traffic), 'deliveries'), 'm × f'],
      ...row('bytes of a message', 'p', traffic.payloadBytes, formatBytes),
      ...row('cores of a node', 'c', node.cores, formatCount),
      ...row('memory of a node', 'G', node.memoryGiB, (value) => `${significant(value)}${UNIT_GAP}GiB`),
      ...row(
        'network of a node',
        'W',
        node.gbitPerSecond,
        (value) => `${significant(value)}${UNIT_GAP}Gbit/s`,
      ),
      ...row('share of a node that may be used at the peak', 'u', node.usableShare, formatShare),
      ...row('all clients are back after a break within', 't', seconds, formatUs),
      ...row('open files of a process, which bound its connections', 'o', node.openFiles, formatCount),
    ],
    Number.POSITIVE_INFINITY,
  );
}

function needs({ record, notes, links }: Setting, sized: readonly RankedOption[]): string {
  const head = ['', 'letter, or formula', ...sized.map(({ label }) => plain(label))];
  const row = (name: string, formula: string, of: (option: RankedOption) => string) => [
    name,
    formula,
    ...sized.map(of),
  ];
  const measured = (
    name: string,
    letter: string,
    of: (option: RankedOption) => Quantity | null,
    format: (value: number) => string,
    end: 'low' | 'high' = 'high',
  ) => {
    const quantities = sized.map(of);
    const paths = [...new Set(quantities.flatMap((quantity) => quantity?.path ?? []))];
    const marks = paths.map((path) =>
      notes.mark(
        sourceNote(
          path,
          sized,
          quantities.map((quantity) => (quantity?.path === path ? quantity.runs : [])),
          links.result,
        ),
      ),
    );
    return [
      `${name}${marks.join(' ')}`,
      letter,
      ...quantities.map((quantity) => (quantity === null ? '–' : format(quantity.range[end]))),
    ];
  };
  const nodes = (bound: Bound, formula: string) =>
    row(`nodes by ${bound}`, formula, ({ sizing }) => {
      const count = sizing?.nodesBy[bound] ?? null;
      return count === null ? '–' : countText(count);
    });
  const money = moneyOf(record.prices);
  return blocks(
    table(
      head,
      [
        row('deliveries, or polls, per second', 'R = D, or N / interval', ({ demand, measured: { unit } }) =>
          demand === null
            ? '–'
            : formatRateOf(demand.unitsPerSecond, unit === 'poll' ? 'polls' : 'deliveries'),
        ),
        measured('CPU for one of them', 'a', ({ measured: { cpu } }) => cpu, formatUs),
        measured('CPU for one publish', 'b', ({ measured: { publishCpu } }) => publishCpu, formatUs),
        measured('CPU of the bus for one delivery', 'd', ({ measured: { busCpu } }) => busCpu, formatUs),
        row(
          '**processes for CPU**, of one core each',
          'P = R a / (1 s × u − m b); with a bus (R a + m b) / (1 s × u)',
          ({ sizing }) => countText(sizing?.processes ?? 0),
        ),
        row('cores of the bus', 'D d / (1 s × u)', ({ demand }) => countText(demand?.busCores.high ?? 0)),
        measured('memory of a connection, server', 'e', ({ measured: { memory } }) => memory, formatBytes),
        measured('memory of a connection, kernel', 'k', ({ measured: { kernel } }) => kernel, formatBytes),
        measured(
          'memory of a process without connections',
          'h',
          ({ measured: { base } }) => base,
          formatBytes,
        ),
        measured('memory of the bus', 'i', ({ measured: { busMemory } }) => busMemory, formatBytes),
        row(
          '**memory in all**',
          'N (e + k) + P h, P rounded up, + i',
          ({ sizing }) => `${significant(sizing?.memoryGiB ?? 0)}${UNIT_GAP}GiB`,
        ),
        measured(
          `bytes sent for one of them, at the payload measured`,
          'w',
          ({ measured: { wire } }) => wire,
          formatBytes,
        ),
        row(
          '**network in all**',
          'R × 8 (w + p − payload measured)',
          ({ sizing }) => `${significant(sizing?.gbitPerSecond ?? 0)}${UNIT_GAP}Gbit/s`,
        ),
        measured(
          'connections that a process accepts per second',
          'r',
          ({ measured: { connects } }) => connects,
          formatRate,
          'low',
        ),
        nodes('CPU', 'P / c'),
        nodes('memory', 'N (e + k) / (G u − c h)'),
        nodes('network', 'network in all / (W u)'),
        nodes('connections', 'N / (o u c)'),
        nodes('reconnect storm', 'N / (t r (1 − u) c)'),
        row(
          '**nodes**',
          'the most of these',
          ({ sizing }) =>
            `**${countText(sizing?.nodes ?? 0)}** (${listOf(sizing?.decidedBy ?? []) || 'any'})`,
        ),
        row(
          '**with one in reserve** (N + 1)',
          'nodes + 1',
          ({ sizing }) => `**${countText(sizing?.withReserve ?? 0)}**`,
        ),
        row(
          'these nodes in a month',
          '(nodes + 1) × (c × price of a core + G × price of a GiB) × 730 h',
          ({ sizing }) => money(sizing?.nodesPerMonth ?? 0),
        ),
      ],
      2,
    ),
    NOTES,
  );
}

const NOTES = [
  '* Nodes are rounded up, at least one. A reference server is one process on one core, so a node runs as many as it has cores.',
  '* Where there is no bus, every process takes every publish, so the time for m publishes is gone from each before it delivers anything: “no number” means that this alone fills a process.',
  '* A reconnect storm is every client connecting again at once, as after a broken balancer. It has the share 1 − u of a node, since traffic goes on. The rate r was measured with nothing else going on, and bounded by the load generator’s own pace: servers may be faster.',
  '* Of polls, the difference of the payloads counts for the share that found something new.',
  '* A bus is one process more, not among the nodes; above 1 core it has to be divided. What each process takes to receive a message from it is in a and b as it was measured: more processes pay it more often.',
].join('\n');
