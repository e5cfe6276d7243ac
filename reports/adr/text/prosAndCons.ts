import { listOf } from '../../compare/listOf.ts';
import type { RankedOption } from '../option.ts';
import type { DecisionRecord } from '../record.ts';
import { argumentLine, argumentsFor } from './consequences.ts';
import type { Setting } from './setting.ts';
import { blocks, plain, table } from './words.ts';

/** Pros and cons of each option, from its figures, and the facts that a judgement of operability needs. */
export function prosAndConsText({ record, links }: Setting): string {
  return blocks(
    '## Pros and Cons of the Options',
    ...record.options.map((option) => optionText(option, record, links)),
    operability(record),
  );
}

function optionText(
  option: RankedOption,
  record: DecisionRecord,
  { profiles, flames }: Setting['links'],
): string {
  const found = profiles.filter(({ label }) => label === option.label);
  const graphs = found.length > 0 && flames !== null ? [`[flame graph](${flames})`] : [];
  const own = [...graphs, ...found.map(({ path }) => `[CPU profile](${path})`)];
  const lines = argumentsFor(option, record).map(argumentLine);
  return blocks(
    `### ${plain(option.label)}`,
    lines.join('\n'),
    own.length === 0 ? '' : `Where its time goes: ${listOf(own)}.`,
  );
}

/** How a connection passes what stands between client and server, by protocol. */
const PROXIES: Readonly<Record<string, string>> = {
  poll: 'requests and answers: through any HTTP proxy; a held request needs a time-out above its hold time',
  sse: 'one HTTP answer without an end: proxies must not buffer it, nor cut it while it is idle (heartbeats help)',
  ws: 'an HTTP/1.1 upgrade (RFC 6455): every proxy on the way must let it pass',
  grpc: 'HTTP/2 from end to end, trailers included; browsers need gRPC-Web and a proxy for it',
};

function operability({ options }: DecisionRecord): string {
  const head = ['', ...options.map(({ label }) => plain(label))];
  const row = (name: string, of: (option: RankedOption) => string) => [name, ...options.map(of)];
  const rows = [
    row('processes in the measurement', processes),
    row('needs between nodes', ({ facts }) =>
      facts === null ? 'not known' : facts.bus === null ? 'nothing' : `a bus (${facts.bus})`,
    ),
    row('who posts to several nodes', ({ measured }) =>
      measured.everyProcessTakesPublishes ? 'the publisher, to each' : 'the bus, from one',
    ),
    row('after a break', ({ facts }) =>
      facts === null
        ? 'not known'
        : facts.resume && facts.shows === 'message'
          ? 'clients get what they missed, from a bounded buffer'
          : 'clients see the newest state only',
    ),
    row('through proxies', ({ facts }) => PROXIES[facts?.protocol ?? ''] ?? 'not known'),
    row('judged', ({ judgement }) =>
      judgement === null ? 'not judged' : `${judgement.score} of 10: ${plain(judgement.why)}`,
    ),
  ];
  return blocks(
    '### Operability',
    'How easy something is to run is a **judgement** of the people who will run it, and no figure of a benchmark. These are the facts to judge by; the last row is what was judged, with the reason given.',
    table(head, rows, Number.POSITIVE_INFINITY),
  );
}

function processes({ group }: RankedOption): string {
  const { processes: all, plan } = group.look.run;
  const buses = all.filter(({ role }) => role === 'broker').length;
  const servers = `${plan.serverNodes} server${plan.serverNodes === 1 ? '' : 's'}`;
  return buses === 0 ? servers : `${servers}, ${buses} bus`;
}
