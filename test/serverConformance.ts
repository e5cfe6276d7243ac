import { describe } from 'node:test';
import type { VariantInfo } from '../contract/pushServer.ts';
import { findStage } from '../servers/registry.ts';
import type { Subject } from './serverConformanceClient.ts';
import { corsTests } from './serverConformanceCors.ts';
import { deliveryTests } from './serverConformanceDelivery.ts';
import { ingestTests } from './serverConformanceIngest.ts';
import { lifecycleTests } from './serverConformanceLifecycle.ts';
import { limitTests } from './serverConformanceLimits.ts';
import { resumeTests } from './serverConformanceResume.ts';
import type { ServerFixture } from './serverFixture.ts';

export type DefineTests = (subject: Subject) => void;
export type TestGroups = Readonly<Record<string, DefineTests>>;

export interface StageUnderTest {
  readonly stage: string;
  readonly fixture: ServerFixture;
  /** Variants that notice only at a failed write that a client went away. @default none */
  readonly freeAtFailedWrite?: readonly string[];
  /** What this protocol alone has to keep, by name. */
  readonly more?: TestGroups;
  /** @default all */
  readonly variants?: (variant: VariantInfo) => boolean;
}

/** What every variant must do that delivers each message to each subscriber. */
const GROUPS: TestGroups = {
  lifecycle: lifecycleTests,
  ingest: ingestTests,
  delivery: deliveryTests,
  resume: resumeTests,
  limits: limitTests,
};

/** What every variant of a stage must do: real sockets, no mocks. Call it from a test file of the stage. */
export function serverConformance({
  stage,
  fixture,
  freeAtFailedWrite = [],
  more = {},
  variants = () => true,
}: StageUnderTest): void {
  const groups = { ...GROUPS, ...(fixture.hasCors ? { cors: corsTests } : {}), ...more };
  for (const { name: variant } of findStage(stage).variants.filter(variants)) {
    const frees = freeAtFailedWrite.includes(variant) ? 'at-failed-write' : 'at-disconnect';
    const subject: Subject = { stage, variant, fixture, frees };
    describe(`${stage}:${variant}`, { timeout: 60_000 }, () => {
      for (const [name, defineTests] of Object.entries(groups)) describe(name, () => defineTests(subject));
    });
  }
}
