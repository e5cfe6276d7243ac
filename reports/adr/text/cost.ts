import { formatCount, formatRateOf, significant } from '../../numbers.ts';
import { HORIZON_MONTHS } from '../breakEven.ts';
import type { RankedOption } from '../option.ts';
import type { Range } from '../range.ts';
import type { ChangeOver, DecisionRecord } from '../record.ts';
import { FACTORS } from '../sensitivity.ts';
import { image, type Setting } from './setting.ts';
import { blocks, moneyOf, monthsText, paybackText, plain, rangeText, table } from './words.ts';

/** What each option costs in a month, and when changing over to it has paid for itself. */
export function costText(setting: Setting): string {
  const { record } = setting;
  return blocks(
    '### Cost in a month',
    pricesText(record),
    costTable(setting),
    without(record),
    image(setting, 'adr-cost'),
    '### Break-even',
    breakEvenText(setting),
  );
}

function pricesText({ prices, node }: DecisionRecord): string {
  const money = moneyOf(prices);
  const origin = prices.isExample
    ? 'No prices are stated (`cost` in the config file): these are **example prices**, of the order of a small cloud machine on demand'
    : 'The prices are those of the config file (`cost`)';
  return `${origin}: ${money(prices.perCoreHour)} for a core and hour, ${money(prices.perGiBHour)} for a GiB of memory and hour, ${money(prices.perGiBEgress)} for a GiB of traffic to clients. CPU and memory are paid for all 730 hours of a month as they are kept ready for the peak, of which ${significant(node.usableShare.value * 100)} % may be used; whole nodes and their reserve are on the sizing page below. Traffic is that of the peak all month: an upper bound where there are quiet hours.`;
}

function costTable({ record, notes }: Setting): string {
  const { options, prices } = record;
  const money = moneyOf(prices);
  const priced = options.filter(({ cost }) => cost !== null);
  if (priced.length === 0) return '';
  const row = (name: string, formula: string, of: (option: RankedOption) => Range | undefined) => [
    `${name}${notes.mark(formula)}`,
    ...priced.map((option) => {
      const range = of(option);
      return range ? rangeText(range, money) : '–';
    }),
  ];
  const doubt = priced.filter(({ demand }) => demand?.verdict !== 'VALID');
  const note = doubt.map(({ label, demand }) => `${plain(label)} ${demand?.verdict}`).join(', ');
  return blocks(
    table(
      ['', ...priced.map(({ label }) => plain(label))],
      [
        row(
          'CPU',
          'Cores × price of a core and hour × 730 h. Cores: see the sizing page, rows “processes for CPU” and “cores of the bus”, not rounded.',
          ({ cost }) => cost?.cpu,
        ),
        row(
          'memory',
          'GiB / usable share × price of a GiB and hour × 730 h. GiB: see the sizing page, row “memory in all”.',
          ({ cost }) => cost?.memory,
        ),
        row(
          'traffic',
          'Bytes per second × 3 600 s × 730 h / 2³⁰ × price of a GiB.',
          ({ cost }) => cost?.traffic,
        ),
        row(
          '**together**',
          'Sum. The low end is calculated from the low ends of all measured figures, the high end from the high ends (corner method): it holds every case in which each figure lies in its interval, and is wider than chance alone would make it.',
          ({ cost }) => cost?.total,
        ),
      ],
    ),
    note === '' ? '' : `Not all figures behind these are VALID: ${note}.`,
  );
}

function without({ options }: DecisionRecord): string {
  const missing = options.filter(({ cost }) => cost === null);
  return missing
    .map(({ label, missing: what }) => `${plain(label)} has no price: not measured is ${what.join(', ')}.`)
    .join(' ');
}

function breakEvenText(setting: Setting): string {
  const { changeOver, prices } = setting.record;
  if (changeOver.kind === 'unknown') {
    return `When a change-over would have paid for itself cannot be told: ${changeOver.why}.`;
  }
  const money = moneyOf(prices);
  const { today, options, without: rest } = changeOver;
  const left = rest.map(({ option, why }) => `${plain(option.label)} is not among them: ${why}.`).join(' ');
  const intro = `Today ${plain(today.label)} runs. Months are the effort of changing over divided by what is saved in a month; “never” means that nothing is saved. The range goes from the best case (today’s cost at its high end, the other’s at its low end) to the worst.`;
  const rows = options.map(({ option, breakEven }) => [
    plain(option.label),
    money(breakEven.effort),
    savingText(breakEven.saving, money),
    paybackText(breakEven.months),
  ]);
  return blocks(
    intro,
    rows.length === 0 ? '' : table(['change to', 'effort', 'saved in a month', 'paid back after'], rows),
    left,
    sensitivity(setting, changeOver),
  );
}

/** Below nothing it costs more, which is said in words. */
function savingText(saving: Range, money: (value: number) => string): string {
  const text = rangeText(saving, money);
  return saving.value < 0 ? `${text}: costs more` : text;
}

function sensitivity(
  setting: Setting,
  { today, sensitivity: one }: Extract<ChangeOver, { kind: 'calculated' }>,
): string {
  if (one === null || one.rows.length === 0) return '';
  const money = moneyOf(setting.record.prices);
  const rows = one.rows.map(({ what, halved, doubled }) => [
    what,
    money(halved.net),
    monthsText(halved.months),
    money(doubled.net),
    monthsText(doubled.months),
  ]);
  return blocks(
    `What if an assumption is wrong? For the change from ${plain(today.label)} to ${plain(one.option.label)}, each is multiplied by ${FACTORS.low} and by ${FACTORS.high} by itself, all else at its median. The table tells what is left after ${HORIZON_MONTHS} months, savings less effort, and the months until it is paid back.`,
    table(['assumption', 'halved: left', 'paid back after', 'doubled: left', 'paid back after'], rows),
    image(setting, 'adr-sensitivity'),
  );
}

/** What the figures stretch over: the load as measured against the load that is asked for. */
export function stretchText({ record: { options, traffic } }: Setting): string {
  const lines = options.flatMap(({ label, demand, measured, group }) => {
    if (demand === null) return [];
    const { run } = group.look;
    const seen =
      measured.unit === 'poll' ? (run.polling?.sentPerSecond ?? 0) : (run.deliveries?.perSecond ?? 0);
    const unit = measured.unit === 'poll' ? 'polls' : 'deliveries';
    if (seen === 0) return [];
    return [
      `${plain(label)} ${formatRateOf(seen, unit)} measured, ${formatRateOf(demand.unitsPerSecond, unit)} here (${significant(demand.unitsPerSecond / seen)} times)`,
    ];
  });
  const run = options[0]?.group.look.run;
  const connections = run
    ? `${formatCount(run.connections.established)} connections measured, ${formatCount(traffic.connections.value)} here (${significant(traffic.connections.value / Math.max(1, run.connections.established))} times)`
    : '';
  return `**How far this is stretched.** Cost and sizing multiply what one delivery and one connection took by how many there are: ${[connections, ...lines].filter(Boolean).join('; ')}. A server under little load spends more on each delivery than a busy one, which writes several at once; one near its limit queues. So the further the load lies from the one that was measured, the less these figures bind: measure at your load (\`--connections\`, \`--rate\`), or on as many nodes, before you order machines.`;
}
