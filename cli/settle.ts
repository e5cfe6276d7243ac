import type { Settings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { readProtoMethods } from './protoMethod.ts';
import { type ConfiguredOptions, withConfigTarget } from './readTargetConfig.ts';
import { resolveSettings } from './resolveSettings.ts';

/**
 * Settles what is run from flags, environment and config: reads the files that they name, and checks all of it.
 * @param cwd folder that relative paths start in
 * @param found faults found before, reported together with the others
 * @throws UsageError with every fault at once
 */
export async function settle(
  sources: ConfiguredOptions,
  cwd: string,
  found: readonly Fault[] = [],
): Promise<Settings> {
  const { DEFAULT_STAGE_NAME, STAGES } = await import('../servers/registry.ts');
  const faults = [...found];
  return resolveSettings({
    ...sources,
    cwd,
    // Faults of its shape are told when all is settled.
    proto: await readProtoMethods(withConfigTarget(sources, []), cwd, faults),
    stages: STAGES,
    defaultStage: DEFAULT_STAGE_NAME,
    faults,
  });
}
