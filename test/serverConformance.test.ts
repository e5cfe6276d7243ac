import { STAGES } from '../servers/registry.ts';
import { serverConformance } from './serverConformance.ts';

/** The naive first rung notices that a client went away only when a write to it fails. */
const FREES_AT_FAILED_WRITE: readonly string[] = ['sse:blocking'];

for (const stage of STAGES) {
  for (const { name: variant } of stage.variants) {
    const isLate = FREES_AT_FAILED_WRITE.includes(`${stage.name}:${variant}`);
    serverConformance({ stage: stage.name, variant, frees: isLate ? 'at-failed-write' : 'at-disconnect' });
  }
}
