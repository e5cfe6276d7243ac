import { listOf } from '../../compare/listOf.ts';
import { originNotes } from '../../compare/notes.ts';
import { formatCount, formatUs } from '../../numbers.ts';
import type { RankedOption } from '../option.ts';
import { loadedRuns } from './context.ts';
import type { Setting } from './setting.ts';
import { blocks, plain } from './words.ts';

/** What no figure here speaks of: as the runs say it themselves, and what this kind of measurement never holds. */
export function unmeasuredText({ record }: Setting): string {
  const { result, options } = record;
  const runs = loadedRuns(result.runs);
  const own = options.flatMap(missingAlways);
  const isPlain = runs.every(({ security }) => security.kind === 'plain');
  const isLinked = runs.some(({ plan }) => plan.link !== null);
  const longest = Math.max(...runs.map(({ durationMs }) => durationMs));
  const slopeless = options.filter(({ measured }) => measured.memory === null).map(({ label }) => label);
  const most = Math.max(...runs.map(({ connections }) => connections.established));
  const lines = [
    'Your server: these are Node reference servers, which show what a design costs in Node. For yours, run `bench run --target` (docs/own-server.md).',
    isLinked
      ? 'A real network: a relay added a round trip, but no loss, no congestion and no network card was between clients and servers.'
      : 'A network: clients and servers stood on one machine and talked over loopback. No distance, loss, congestion or network card is in any figure.',
    'Another machine: one host, one kernel, as it was set up; no tuning of the kernel was tried.',
    ...(isPlain
      ? ['Encryption: all connections were plain. `--security tls` measures what protection costs.']
      : []),
    ...(slopeless.length > 0
      ? [
          `Memory for each connection of ${plain(listOf(slopeless))}: no levels of connections were measured. \`--scenario idle\` does.`,
        ]
      : []),
    'What stands before servers in production: load balancers, proxies, firewalls.',
    'Phones: clients that sleep, change networks and come back.',
    `Time: the longest run took ${formatUs(longest * 1_000)}. Leaks, fragmentation and what happens in a week do not show in that.`,
    `More than ${formatCount(most)} connections at once.`,
    'People and licences: only CPU, memory, bytes sent and the stated person-days are in the money.',
    ...new Set(own.map((text) => `${plain(text)}`)),
  ];
  return blocks('### What was not measured', lines.map((line) => `* ${line}`).join('\n'));
}

/** What no run of an option measured, in the words of the runs. */
function missingAlways({ label, group }: RankedOption): string[] {
  const runs = loadedRuns(group.runs);
  const told = runs.flatMap(({ notMeasured }) => notMeasured);
  return [...new Set(told.map(({ what }) => what))].flatMap((what) => {
    const all = runs.every(({ notMeasured }) => notMeasured.some((one) => one.what === what));
    const why = told.find((one) => one.what === what)?.why ?? '';
    return all ? [`${label}, ${what}: ${why}`] : [];
  });
}

/** What a reader must know to read the figures, as every comparison tells it. */
export function notesText({ record }: Setting): string {
  const told = originNotes(record.comparison.servers).map((text) => `* ${plain(text)}`);
  return told.length === 0 ? '' : blocks('### How to read the figures', told.join('\n'));
}

/** Files behind the figures, and how the record is made again. */
export function sourcesText({ record, links, date }: Setting): string {
  const { result } = record;
  const profiles = links.profiles.map(({ label, path }) => `[${plain(label)}](${path})`);
  const lines = [
    `* Every figure: [result.json](${links.result}), measured by \`${result.command.join(' ').replaceAll('`', "'")}\`.`,
    ...(links.report === null
      ? []
      : [
          `* The report of the measurement, with charts, flame graphs and definitions: [report.html](${links.report}).`,
        ]),
    ...(profiles.length === 0
      ? []
      : [`* CPU profiles, for the developer tools of a browser: ${listOf(profiles)}.`]),
    `* This record was written by \`bench adr\` on ${date}; what the config file states stands in it as such. The same result and config give the same record.`,
  ];
  return blocks('### Sources', lines.join('\n'));
}
