import type { Settings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { StageInfo } from '../contract/pushServer.ts';
import type { Given } from './given.ts';
import { nearest } from './nearest.ts';

type StageChoice = Settings['stages'][number];

/**
 * Takes names such as `sse` or `sse:raw` to stage and variant; `sse` alone is the stage's default variant,
 * `all` is every stage there is.
 */
export function readStages(
  names: readonly Given[],
  variants: readonly Given[],
  known: readonly StageInfo[],
  faults: Fault[],
): StageChoice[] {
  const single = names.flatMap((name) =>
    name.value === 'all' ? known.map((info) => ({ ...name, value: info.name })) : [name],
  );
  const chosen = single.flatMap((name) => readStage(name, variants, known, faults));
  const seen = new Set<string>();
  return chosen.filter(({ stage, variant }) => {
    const name = `${stage}:${variant}`;
    return !seen.has(name) && seen.add(name);
  });
}

function readStage(
  name: Given,
  variants: readonly Given[],
  known: readonly StageInfo[],
  faults: Fault[],
): StageChoice[] {
  const [stageName, ownVariant, ...rest] = String(name.value).split(':');
  const stage = known.find((info) => info.name === stageName);
  if (stage === undefined || rest.length > 0) {
    const names = known.map((info) => info.name);
    const expected = `a stage, stage:variant, or all; there is ${names.join(', ')}${nearest(stageName, names)}`;
    faults.push({ ...name, expected });
    return [];
  }
  if (ownVariant !== undefined) return readVariant(stage, { ...name, value: ownVariant }, faults);
  if (variants.length > 0) return variants.flatMap((variant) => readVariant(stage, variant, faults));
  return stage.variants
    .filter((info) => info.isDefault)
    .map((info) => ({ stage: stage.name, variant: info.name }));
}

function readVariant(stage: StageInfo, variant: Given, faults: Fault[]): StageChoice[] {
  const names = stage.variants.map((info) => info.name);
  if (variant.value === 'all') return names.map((name) => ({ stage: stage.name, variant: name }));
  const name = String(variant.value);
  if (names.includes(name)) return [{ stage: stage.name, variant: name }];
  const expected = `a variant of ${stage.name}: ${names.join(', ')}, or all${nearest(name, names)}`;
  faults.push({ ...variant, expected });
  return [];
}
