import { isPublishedTo } from '../contract/config.ts';
import type { RunPlan } from './plan.ts';

/** True where a run puts messages on the server, whoever says them. */
export function isPublished({ subject, scenario }: RunPlan): boolean {
  if (scenario.procedure === 'idle') return false;
  if (scenario.procedure === 'load' && scenario.ratePerSecond === 0) return false;
  return subject.kind === 'reference' || isPublishedTo(subject.target);
}
