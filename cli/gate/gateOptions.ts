import { LEAST_BLOCKS, MOST_BLOCKS } from '../../runners/gate/cost.ts';
import { RESULTS_FOLDER } from '../outputDirectory.ts';
import type { RunOptionKey } from '../runOptions.ts';

/** An option of `bench gate` alone. */
export interface GateOption {
  readonly flag: string;
  readonly description: string;
  readonly isRepeatable?: true;
  readonly group: 'What to compare' | 'Verdict' | 'Output';
}

/** The one table of them, by key. */
export const GATE_OPTIONS = {
  base: {
    flag: '--base <what>',
    description: 'what head is held against: a git ref, a folder, or a result',
    group: 'What to compare',
  },
  head: {
    flag: '--head <what>',
    description: 'the same for what is judged (default: the folder of the config file, as it is)',
    group: 'What to compare',
  },
  blocks: {
    flag: '--blocks <count>',
    description: `blocks of two runs of each side, ${LEAST_BLOCKS} to ${MOST_BLOCKS} (default: 8)`,
    group: 'What to compare',
  },
  maxTime: {
    flag: '--max-time <time>',
    description: 'no block begins that would end later, installing and building included (default: 15m)',
    group: 'What to compare',
  },
  allowDirty: {
    flag: '--allow-dirty',
    description: 'measure HEAD although files of the working tree differ from it',
    group: 'What to compare',
  },
  allowDifferent: {
    flag: '--allow-different',
    description: 'compare a stored result although host, Node or load differ; the report tells what does',
    group: 'What to compare',
  },
  tolerance: {
    flag: '--tolerance <list>',
    description:
      'change for the worse that is accepted, by path: latencyUs.delivery.p99=5%,deliveries.lost=0; off: told only (repeatable)',
    isRepeatable: true,
    group: 'Verdict',
  },
  onInconclusive: {
    flag: '--on-inconclusive <what>',
    description: 'warn: exit code 0; fail: exit code 5 (default: warn)',
    group: 'Verdict',
  },
  strict: { flag: '--strict', description: 'the same as --on-inconclusive fail', group: 'Verdict' },
} as const satisfies Readonly<Record<string, GateOption>>;

export type GateOptionKey = keyof typeof GATE_OPTIONS;

/** Options of `bench run` that mean the same for a gate. */
export const SHARED_OPTIONS = [
  'scenario',
  'threshold',
  'link',
  'seed',
  'config',
  'header',
  'label',
  'out',
  'dryRun',
  'json',
  'open',
] as const satisfies readonly RunOptionKey[];

/** Where these are described otherwise than for a run. */
export const SHARED_DESCRIPTIONS: Readonly<Partial<Record<RunOptionKey, string>>> = {
  scenario: 'what load means; `bench list scenarios` shows them (default: gate, which has short runs)',
  seed: 'seed of the order of runs, schedule, connect order and padding (default: 1)',
  out: `folder of the outcome (default: ${RESULTS_FOLDER}/<time>-gate)`,
  dryRun: 'print what would be compared and how long that takes, and stop',
  json: 'gate.json on stdout instead of the summary',
};
