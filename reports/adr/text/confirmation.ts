import { METRIC } from '../../compare/comparisonMetrics.ts';
import { settleCommand } from '../../compare/settleCommand.ts';
import { formatShare } from '../../numbers.ts';
import { quantityOf } from '../measured.ts';
import type { RankedOption } from '../option.ts';
import type { DecisionRecord } from '../record.ts';
import type { Setting } from './setting.ts';
import { blocks, plain } from './words.ts';

/** Above the high end of a figure's interval, so that a build that is as good keeps the bound. */
const HEADROOM = 0.25;

/** How the decision is kept: bounds and a gate that fail where a change breaks what it rests on. */
export function confirmationText({ record }: Setting): string {
  const { outcome } = record;
  const [first] = outcome.kind === 'open' ? outcome.leaders : [];
  const option = outcome.kind === 'decided' ? outcome.chosen : first;
  if (!option)
    return blocks(
      '### Confirmation',
      'Nothing is decided, so there is nothing to keep. A record that decides ends here with the bounds and the gate that keep it.',
    );
  const intro =
    outcome.kind === 'decided'
      ? 'These bounds stand for what the decision rests on'
      : `Once it is decided, such bounds keep it; here those of ${plain(option.label)}`;
  return blocks(
    '### Confirmation',
    `${intro}: the high end of each measured interval and ${formatShare(HEADROOM)} of headroom, under the load above. They come from a reference server: replace them by those of your own server once it is built. In bench.config.ts:`,
    `\`\`\`ts\nthresholds: [\n${thresholdsOf(option, record)
      .map((line) => `  '${line}',`)
      .join('\n')}\n],\n\`\`\``,
    `\`bench run\` then ends with exit code 4 where a bound is broken${runCommand(option)}. In continuous integration, with your server as \`target\` of the config file, each change is held against the main branch:`,
    '    npx bench gate --base origin/main --head HEAD',
  );
}

function runCommand({ group }: RankedOption): string {
  const command = settleCommand([group], 'same');
  return command === null ? '' : `, under this load with \`${command.replace(/ --runs \d+$/, '')}\``;
}

/** As `bench.config.ts` takes them. */
export function thresholdsOf(option: RankedOption, { latency }: DecisionRecord): string[] {
  const bound = (
    metric: Parameters<typeof quantityOf>[1],
    path: string,
    write: (value: number) => string,
  ) => {
    const quantity = quantityOf(option.group, metric, path);
    return quantity === null || quantity.verdict === 'INVALID' || quantity.range.high <= 0
      ? []
      : [`${path} < ${write(quantity.range.high * (1 + HEADROOM))}`];
  };
  return [
    'deliveries.lost == 0',
    ...bound(latency, `latencyUs.delivery.${latency.id}`, (us) => `${twoDigits(us / 1_000)}ms`),
    ...bound(
      METRIC.memory,
      'memory.server.rssPerConnectionBytes',
      (bytes) => `${twoDigits(bytes / 1_024)}KiB`,
    ),
    ...bound(METRIC.deliveryCpu, 'cpu.server.usPerDelivery', (us) => `${twoDigits(us)}us`),
  ];
}

/** Rounded up to two significant digits, as a program reads it. */
export function twoDigits(value: number): string {
  const scale = 10 ** (Math.floor(Math.log10(value)) - 1);
  // 0.3 / 0.1 is 2.9999999999999996: a bound that is exact stays.
  return String(Number((Math.ceil(value / scale - 1e-9) * scale).toPrecision(2)));
}
