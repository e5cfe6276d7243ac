import { showsStates } from '../../compare/criteria.ts';
import { formatRange } from '../../compare/formatRange.ts';
import { listOf } from '../../compare/listOf.ts';
import { formatShare, significant } from '../../numbers.ts';
import { HORIZON_MONTHS } from '../breakEven.ts';
import type { Option, RankedOption } from '../option.ts';
import type { Range } from '../range.ts';
import type { ChangeOver, DecisionRecord } from '../record.ts';
import { FACTORS } from '../sensitivity.ts';
import { deliveriesPerSecond, type Traffic } from '../traffic.ts';
import { image, type Setting } from './setting.ts';
import { blocks, moneyOf, monthsText, paybackText, plain, rangeText, table } from './words.ts';

/** What each option costs in a month, and when changing over to it has paid for itself. */
export function costText(setting: Setting): string {
  const { record } = setting;
  return blocks(
    '### Cost in a month',
    pricesText(record),
    costTable(setting),
    largestPart(record),
    without(record),
    ...record.options.flatMap((option) => polled(option, record)),
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
  return `${origin}: ${money(prices.perCoreHour)} for a core and hour, ${money(prices.perGiBHour)} for a GiB of memory and hour, ${money(prices.perGiBEgress)} for a GiB of traffic to clients. CPU and memory are paid for all 730 hours of a month as they are kept ready for the peak, of which ${significant(node.usableShare.value * 100)} % may be used; whole nodes and their reserve stand under [Sizing](#sizing). Traffic is that of the peak all month: an upper bound where there are quiet hours.`;
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
          'Cores × price of a core and hour × 730 h. Cores: rows “processes for CPU” and “cores of the bus” of Sizing, not rounded; what stands there gives the high end.',
          ({ cost }) => cost?.cpu,
        ),
        row(
          'memory',
          'GiB / usable share × price of a GiB and hour × 730 h. GiB: row “memory in all” of Sizing; what stands there gives the high end.',
          ({ cost }) => cost?.memory,
        ),
        row(
          'traffic',
          'Bytes per second × 3 600 s × 730 h / 2³⁰ × price of a GiB. Bytes are those that clients read from their sockets: headers of TCP and IP are not in them.',
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

/** What most of the money goes to, where it is the same for every option. */
function largestPart({ options }: DecisionRecord): string {
  const parts = options.flatMap(({ cost }) => {
    if (cost === null || !Number.isFinite(cost.total.value) || cost.total.value <= 0) return [];
    const named = [
      { name: 'CPU', value: cost.cpu.value },
      { name: 'memory', value: cost.memory.value },
      { name: 'traffic to clients', value: cost.traffic.value },
    ];
    const most = named.reduce((best, part) => (part.value > best.value ? part : best));
    return [{ name: most.name, share: most.value / cost.total.value }];
  });
  const [first] = parts;
  if (!first || parts.some(({ name }) => name !== first.name)) return '';
  const shares = parts.map(({ share }) => share);
  const range = formatRange({ low: Math.min(...shares), high: Math.max(...shares) }, formatShare, ' to ');
  return `Most of it, ${range ?? formatShare(first.share)} of each sum, is for ${first.name}: what would lower that matters more than the choice between options with like sums.`;
}

/** Messages for a client between two of its polls: in the runs, null where it was not told, and in the traffic. */
function messagesPerPoll({ measured, group }: Pick<Option, 'measured' | 'group'>, traffic: Traffic) {
  return {
    seen: group.look.run.polling?.eventsPerPollInterval ?? null,
    asked: (deliveriesPerSecond(traffic) / traffic.connections.value) * measured.pollIntervalSeconds,
  };
}

/** Polls that find less than in the runs cost less than there, so that leaving them saves less. */
function pollBound(today: RankedOption, traffic: Traffic): string {
  if (today.measured.unit !== 'poll') return '';
  const { seen, asked } = messagesPerPoll(today, traffic);
  return seen !== null && asked < seen
    ? `With fewer messages between two polls than in the runs, the price of ${plain(today.label)} is an upper bound, and so is what a change saves.`
    : '';
}

/** What a price by polls is the price of. */
function polled({ label, measured, group, cost }: RankedOption, { traffic }: DecisionRecord): string[] {
  if (measured.unit !== 'poll' || cost === null) return [];
  const { seen, asked } = messagesPerPoll({ measured, group }, traffic);
  const rate =
    seen === null
      ? ''
      : ` On average ${significant(seen)} messages came for a client between two of them; your traffic has ${significant(asked)}. The fewer come, the more answers are empty and smaller than these.`;
  const states = showsStates(group)
    ? ' And an answer shows the newest message only: what was overtaken is never sent, so this is not the price of the same service.'
    : '';
  return [`${plain(label)} is priced by its polls as they were measured.${rate}${states}`];
}

function without({ options }: DecisionRecord): string {
  const unpriced = options.filter(({ cost }) => cost === null);
  const reasons = [...new Set(unpriced.map(({ missing }) => listOf(missing)))];
  return reasons
    .map((what) => {
      const who = unpriced.filter(({ missing }) => listOf(missing) === what).map(({ label }) => plain(label));
      return `${listOf(who)} ${who.length === 1 ? 'has' : 'have'} no price: not measured is ${what}.`;
    })
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
  const intro = `What runs today is ${plain(today.label)}. Months are the effort of changing over divided by what is saved in a month; “never” means that nothing is saved. The range goes from the best case (today’s cost at its high end, the other’s at its low end) to the worst.`;
  const rows = options.map(({ option, breakEven }) => [
    plain(option.label),
    money(breakEven.effort),
    savingText(breakEven.saving, money),
    paybackText(breakEven.months),
  ]);
  return blocks(
    intro,
    rows.length === 0 ? '' : table(['change to', 'effort', 'saved in a month', 'paid back after'], rows),
    rows.length === 0 ? '' : pollBound(today, setting.record.traffic),
    left,
    sensitivity(setting, changeOver),
  );
}

/** Below nothing it costs more, which is said in words. */
function savingText(saving: Range, money: (value: number) => string): string {
  const text = rangeText(saving, money);
  if (saving.high <= 0) return `${text}: costs more`;
  return saving.low < 0 ? `${text}: may cost more` : text;
}

/** Why this change is looked at among all. */
function whyShown(
  { outcome }: DecisionRecord,
  { option, base }: NonNullable<Extract<ChangeOver, { kind: 'calculated' }>['sensitivity']>,
): string {
  if (outcome.kind === 'decided' && outcome.chosen === option) return 'which is recommended';
  const among = outcome.kind === 'open' && outcome.leaders.includes(option) ? ' among those that lead' : '';
  return base.savingPerMonth > 0
    ? `which saves most${among}`
    : `which comes nearest to saving anything${among}`;
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
    `What if an assumption is wrong? For the change from ${plain(today.label)} to ${plain(one.option.label)}, ${whyShown(setting.record, one)}, each is multiplied by ${FACTORS.low} and by ${FACTORS.high} by itself, all else at its median. The table tells what is left after ${HORIZON_MONTHS} months, savings less effort, and the months until it is paid back; with nothing changed ${money(one.base.net)} are left${one.base.net < 0 ? ' (less than nothing: it has not paid off by then)' : ''}.`,
    table(['assumption', 'halved: left', 'paid back after', 'doubled: left', 'paid back after'], rows),
    image(setting, 'adr-sensitivity'),
  );
}
