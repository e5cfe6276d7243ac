import { dirname } from 'node:path';
import type { Settings } from '../../contract/config.ts';
import { type Fault, UsageError } from '../../contract/errors.ts';
import { loadConfigFile } from '../configFile.ts';
import { isPlain } from '../configShapes.ts';
import { type GivenOptions, given } from '../given.ts';
import { settle } from '../settle.ts';
import type { System } from '../system.ts';
import { type GateChoice, readGateChoice } from './gateChoice.ts';
import { readGateConfig } from './readGateConfig.ts';

/** Short runs: a gate makes some thirty of them. */
const DEFAULT_SCENARIO = 'gate';

/** What one gate is asked for, and the load that both sides get. */
export interface GateAsked {
  readonly choice: GateChoice;
  readonly settings: Settings;
  /** Folder of the config file, or the current one where there is none. */
  readonly root: string;
}

/**
 * Merges config, environment and flags of a gate: the load as `bench run` does, the rest from `config.gate` and flags.
 * @throws UsageError with every fault of all sources at once
 */
export async function readGate(
  system: System,
  options: GivenOptions,
  unknown: readonly Fault[],
): Promise<GateAsked> {
  const named = given(options, 'config');
  const file = await loadConfigFile(system.cwd, named === undefined ? null : String(named.value));
  const root = file.path === null ? system.cwd : dirname(file.path);
  const content = isPlain(file.content) ? file.content : {};
  const isNamed = given(options, 'scenario') !== undefined || content.scenario !== undefined;
  const flags = isNamed ? options.flags : { ...options.flags, scenario: DEFAULT_SCENARIO };
  const faults = [...unknown];
  // Faults of `config.gate` are told together with those of the whole file.
  const choice = readGateChoice(options.flags, readGateConfig(content.gate, []), faults);
  const sources = { ...options, flags, config: file.content, configFolder: root };
  return { choice, settings: oneRunOf(await settled(sources, system.cwd, faults)), root };
}

async function settled(...asked: Parameters<typeof settle>): Promise<Settings> {
  try {
    return await settle(...asked);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.faults, 'bench gate --help lists every option with its unit.');
  }
}

/** A block is made of single runs, and a search or a comparison is none. */
function oneRunOf(settings: Settings): Settings {
  const { name, procedure } = settings.scenario;
  if (procedure !== 'load' && procedure !== 'idle') {
    const expected = 'a scenario that puts one load on a server, such as gate, steady, broadcast or idle';
    throw new UsageError([{ key: 'scenario', value: name, expected }], '`bench list scenarios` shows them.');
  }
  const scenario = { ...settings.scenario, sweep: null };
  return { ...settings, scenario, sweep: null, runs: 1, calibrate: 'never' };
}
