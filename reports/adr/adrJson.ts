import { HORIZON_MONTHS } from './breakEven.ts';
import type { DecisionRecord } from './record.ts';

/** The figures of a record for programs, without the runs behind them. Numbers without a bound are null, as JSON has it. */
export function adrJson(record: DecisionRecord, date: string) {
  const { traffic, node, prices, weights, options, outcome, changeOver, latency, fragile } = record;
  return {
    date,
    latencyMetric: latency.id,
    traffic,
    node,
    prices,
    weights: Object.fromEntries(weights),
    options: options.map(({ label, measured, demand, cost, sizing, missing, scores, total, judgement }) => ({
      label,
      measured,
      demand,
      cost,
      sizing,
      missing,
      judgement,
      scores: Object.fromEntries(scores),
      total,
    })),
    outcome: {
      kind: outcome.kind,
      chosen: outcome.kind === 'decided' ? outcome.chosen.label : null,
      leaders: outcome.kind === 'open' ? outcome.leaders.map(({ label }) => label) : [],
      command: outcome.kind === 'open' ? outcome.command : null,
      fragileWeights: fragile,
    },
    changeOver:
      changeOver.kind === 'unknown'
        ? { from: null, why: changeOver.why, horizonMonths: HORIZON_MONTHS, options: [], sensitivity: [] }
        : {
            from: changeOver.today.label,
            why: null,
            horizonMonths: HORIZON_MONTHS,
            options: changeOver.options.map(({ option, breakEven }) => ({ to: option.label, ...breakEven })),
            sensitivity: changeOver.sensitivity?.rows ?? [],
          },
  };
}
