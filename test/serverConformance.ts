import { describe } from 'node:test';
import type { Subject } from './serverConformanceClient.ts';
import { deliveryTests } from './serverConformanceDelivery.ts';
import { ingestTests } from './serverConformanceIngest.ts';
import { lifecycleTests } from './serverConformanceLifecycle.ts';
import { limitTests } from './serverConformanceLimits.ts';
import { resumeTests } from './serverConformanceResume.ts';

const GROUPS = {
  lifecycle: lifecycleTests,
  ingest: ingestTests,
  delivery: deliveryTests,
  resume: resumeTests,
  limits: limitTests,
};

/** What every variant of an event-stream stage must do: real sockets, no mocks. Call it from a test file. */
export function serverConformance(subject: Subject): void {
  describe(`${subject.stage}:${subject.variant}`, { timeout: 60_000 }, () => {
    for (const [name, defineTests] of Object.entries(GROUPS)) describe(name, () => defineTests(subject));
  });
}
