import { BenchError, EXIT, UsageError } from '../../contract/errors.ts';
import type { Repository } from '../../runners/gate/git.ts';
import type { Side } from '../../runners/gate/sides.ts';
import type { Measured } from '../../runners/gate/storedDifferences.ts';
import type { GateAsked } from './gateSettings.ts';

/** Both sides, found. */
export interface FoundSides {
  readonly base: Side;
  readonly head: Side;
  readonly repository: Repository | null;
  /** What is not the same on both, where one was measured before. */
  readonly differences: readonly string[];
}

/**
 * Finds out what base and head are, and whether they can be held against each other.
 * @throws BenchError (usage) where there is no such side, nothing to measure it with, or unlike would be compared with unlike
 */
export async function findSides({ choice, settings, root }: GateAsked, cwd: string): Promise<FoundSides> {
  const { findRepository } = await import('../../runners/gate/git.ts');
  const { findSide } = await import('../../runners/gate/sides.ts');
  const repository = await findRepository(root);
  const places = { cwd, root, repository, allowDirty: choice.allowDirty };
  const base = await findSide('base', choice.base, places);
  const head = await findSide('head', choice.head, places);
  const isLive = base.kind !== 'result' || head.kind !== 'result';
  if (isLive && settings.target?.launch == null) throw withoutTarget(settings.target !== null);
  const differences = await differencesOf(base, head, settings);
  if (differences.length > 0 && !choice.allowDifferent) throw different(differences);
  return { base, head, repository, differences };
}

/** Two sides that are measured here and now are alike by themselves. */
async function differencesOf(
  base: Side,
  head: Side,
  settings: GateAsked['settings'],
): Promise<readonly string[]> {
  if (base.kind !== 'result' && head.kind !== 'result') return [];
  const { differencesBetween, measuredOf } = await import('../../runners/gate/storedDifferences.ts');
  const { ownVersion } = await import('../../runners/ownVersion.ts');
  const { readHostFacts } = await import('../../runners/samplers/hostFacts.ts');
  const live = (): Measured => ({
    host: readHostFacts(),
    toolVersion: ownVersion(),
    protocol: `${settings.target?.protocol}:target`,
    workload: { ...settings.scenario },
  });
  const of = (side: Side): Measured => (side.kind === 'result' ? measuredOf(side.result) : live());
  return differencesBetween(of(base), of(head));
}

function withoutTarget(isRunning: boolean): UsageError {
  const expected = isRunning
    ? "a server that is started, with config.target.start such as './server --port {port}': one that runs already cannot be two states of it"
    : "a server of your own, such as target: { start: './server --port {port}', path: '/events', publish: '/publish' }";
  return new UsageError(
    [{ key: 'config.target', value: undefined, expected }],
    '`bench init` writes a bench.config.ts; BENCH_STAGE and BENCH_TARGET name another server, and then it does not count. Two results need none.',
  );
}

function different(differences: readonly string[]): BenchError {
  return new BenchError(
    `Unlike would be compared with unlike:\n${differences.map((one) => `  ${one}`).join('\n')}`,
    {
      exitCode: EXIT.usage,
      hint: 'Measure both sides in one call, by git refs or folders; --allow-different compares all the same and tells it.',
    },
  );
}
