import type { Settings } from '../../contract/config.ts';
import type { Family } from '../../contract/result.ts';
import { gateFamily } from '../../reports/gate/gateMetrics.ts';
import { PERCENTILES } from '../../reports/percentiles.ts';
import { messagesNeeded } from '../../reports/statistics/support.ts';
import { windowOf } from '../../runners/planDuration.ts';
import { countOf } from '../../scenarios/pacing.ts';
import type { GateTolerances } from './gateChoice.ts';

/** Families of what decides: where one is INVALID a block is measured again, which what is only told is not worth. */
export function decidingFamilies(
  { byPath, asked }: GateTolerances,
  { scenario, thresholds }: Pick<Settings, 'scenario' | 'thresholds'>,
): Family[] {
  const deciding = [...byPath.keys()].filter((path) => asked.has(path) || isWithinReach(path, scenario));
  const paths = [...deciding, ...thresholds.map(({ path }) => path)];
  return [...new Set(paths.map(gateFamily))];
}

/** By default a percentile only informs where there are too few messages for it. */
function isWithinReach(path: string, scenario: Settings['scenario']): boolean {
  const percentile = PERCENTILES.find(({ key }) => path.endsWith(`.${key}`));
  if (!percentile) return true;
  const { stages, ratePerSecond } = scenario;
  const shape = stages.length > 0 ? stages : [{ durationMs: windowOf(scenario), ratePerSecond }];
  return countOf(shape) >= messagesNeeded(percentile.quantile);
}
