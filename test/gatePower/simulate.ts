import { seededRandom } from '../../contract/random.ts';
import { blockDifference } from '../../reports/gate/differences.ts';
import { shiftOfDifferences } from '../../reports/gate/hodgesLehmann.ts';
import { heldAgainst, verdictOn } from '../../reports/gate/tolerance.ts';

/** How the runs of a simulated machine scatter. */
export interface Weather {
  readonly name: string;
  /** Share of runs that something disturbs: they come out higher by up to a few times the scatter. */
  readonly disturbed: number;
  /** Of the scatter, how much further up each run of the gate lies than the one before it, as on a machine that warms up. */
  readonly drift: number;
  /** Of the scatter, how far whole blocks lie from each other. */
  readonly betweenBlocks: number;
}

export const CALM: Weather = { name: 'lognormal', disturbed: 0, drift: 0, betweenBlocks: 0 };
export const ROUGH: Weather = {
  name: 'heavy tails and drift',
  disturbed: 0.1,
  drift: 0.2,
  betweenBlocks: 1,
};

/** One situation that a gate is put in, many times. */
export interface Situation {
  /** Standard deviation of the runs of one side over their mean. */
  readonly cv: number;
  /** True change of head over base: 0.05 is 5 % more. */
  readonly effect: number;
  readonly blocks: number;
  readonly weather: Weather;
}

/** Shares of all gates. */
export interface Shares {
  readonly fail: number;
  readonly inconclusive: number;
  readonly pass: number;
  /** Whose interval holds the true change. */
  readonly covered: number;
}

const METRIC = { scale: 'share', better: 'lower' } as const;

/**
 * Puts the rule of `bench gate` itself into a situation, and counts its verdicts.
 * @param gates how often
 * @param seed the same seed gives the same counts
 */
export function simulate(situation: Situation, tolerance: number, gates: number, seed: number): Shares {
  const draw = drawer(seed);
  const counts = { FAIL: 0, INCONCLUSIVE: 0, PASS: 0, covered: 0 };
  const truth = Math.log1p(situation.effect);
  for (let i = 0; i < gates; i++) {
    const shift = shiftOfDifferences(differencesOf(situation, draw));
    if (shift === null) throw new RangeError(`no interval can be made of ${situation.blocks} blocks`);
    counts[verdictOn(heldAgainst(shift, tolerance, METRIC))] += 1;
    if (shift.low <= truth && truth <= shift.high) counts.covered += 1;
  }
  return {
    fail: counts.FAIL / gates,
    inconclusive: counts.INCONCLUSIVE / gates,
    pass: counts.PASS / gates,
    covered: counts.covered / gates,
  };
}

interface Draw {
  readonly uniform: () => number;
  /** Of the standard normal distribution. */
  readonly normal: () => number;
}

/** Normal values by Box and Muller, Annals of Mathematical Statistics 29 (1958), 610-611. */
function drawer(seed: number): Draw {
  const uniform = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function differencesOf({ cv, effect, blocks, weather }: Situation, draw: Draw): number[] {
  // Of a lognormal distribution with this coefficient of variation.
  const sigma = Math.sqrt(Math.log1p(cv ** 2));
  return Array.from({ length: blocks }, (_, block) => {
    const common = weather.betweenBlocks * sigma * draw.normal();
    const readings = [0, 1, 2, 3].map((turn) => {
      const drift = weather.drift * sigma * (4 * block + turn);
      return Math.exp(common + drift + sigma * (draw.normal() + disturbance(weather, draw)));
    });
    // ABBA or BAAB.
    const isBaseOutside = draw.uniform() < 0.5;
    const [outer, inner] = [
      [readings[0], readings[3]],
      [readings[1], readings[2]],
    ];
    const [base, head] = isBaseOutside ? [outer, inner] : [inner, outer];
    return blockDifference(
      base,
      head.map((reading) => reading * (1 + effect)),
      METRIC,
    );
  });
}

/** In units of the scatter: 3 to 6 up, since what disturbs a run never makes it cheaper. */
function disturbance({ disturbed }: Weather, { uniform }: Draw): number {
  return uniform() < disturbed ? 3 + 3 * uniform() : 0;
}
