import type { Calibrate } from '../../contract/config.ts';
import type { RunPlan } from '../plan.ts';
import { readHostFacts } from '../samplers/hostFacts.ts';
import { expectedText, missingCeilings } from './findCeilings.ts';

/** What is measured before the first run, as a line of the plan; none where nothing is. */
export async function describeCalibration(
  plans: readonly RunPlan[],
  calibrate: Calibrate,
): Promise<string[]> {
  const missing = await missingCeilings(plans, calibrate, readHostFacts());
  if (missing.length === 0) return [];
  return [
    `  generator  what it can take is measured first, ${expectedText(missing.length)}, once on this host: ${missing.join('; ')}`,
  ];
}
