import { seededRandom } from '../../contract/random.ts';
import { sliceRows } from '../../contract/schedule.ts';
import { BINS, binOf } from './bins.ts';
import { emptySlices, type Slices } from './slices.ts';

/** Latencies of the deliveries of one message that is due at a share of the window, microseconds. */
export type LatencyModel = (
  random: () => number,
  windowSeconds: number,
) => (share: number) => readonly number[];

export interface SyntheticOptions {
  readonly seconds: number;
  readonly messagesPerSecond: number;
  readonly seed: number;
}

/** A window as the recorders would have it, of latencies whose law is known. */
export interface SyntheticWindow {
  readonly slices: Slices;
  readonly values: readonly number[];
  readonly messages: number;
  readonly seconds: number;
}

/** Draws a window from a model: what statistics say of it can be held against what it was made of. */
export function syntheticWindow(
  model: LatencyModel,
  { seconds, messagesPerSecond, seed }: SyntheticOptions,
): SyntheticWindow {
  const latenciesOf = model(seededRandom(seed), seconds);
  const slices = emptySlices(sliceRows(seconds * 1e6));
  const messages = seconds * messagesPerSecond;
  const values: number[] = [];
  for (let i = 0; i < messages; i++) {
    const row = Math.floor((i / messages) * slices.rows);
    for (const us of latenciesOf(i / messages)) {
      const latency = Math.round(us);
      values.push(latency);
      slices.counts[row * BINS + binOf(latency)]++;
    }
  }
  return { slices, values, messages, seconds };
}

function exponential(random: () => number, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One subscriber for each message, and no message knows of another. */
export const independent: LatencyModel = (random) => () => [exponential(random, 20_000)];

/** Fifty subscribers: what a message waits is common to all, what each waits in the server's list comes on top. */
export const fanOut: LatencyModel = (random) => () => {
  const common = exponential(random, 10_000);
  return Array.from({ length: 50 }, (_, place) => common + place * 150 + exponential(random, 500));
};

/**
 * One subscriber, and a level that wanders about its mean (an Ornstein–Uhlenbeck process of the logarithm, deviation 0.3):
 * messages near each other in time are fast or slow together. @param memorySeconds time constant of the wandering
 */
export const wandering =
  (memorySeconds: number): LatencyModel =>
  (random, windowSeconds) => {
    const deviation = 0.3;
    const step = 0.02;
    const kept = Math.exp(-step / memorySeconds);
    let level = normal(random) * deviation;
    let atSeconds = 0;
    return (share) => {
      for (; atSeconds < share * windowSeconds; atSeconds += step) {
        level = kept * level + Math.sqrt(1 - kept * kept) * deviation * normal(random);
      }
      return [Math.exp(level) * (3_000 + exponential(random, 7_000))];
    };
  };

/** One subscriber, and now and then everything stands still for a while. @param perSecond how often */
export const stalling =
  (perSecond: number): LatencyModel =>
  (random, windowSeconds) => {
    let next = exponential(random, 1 / perSecond);
    let end = 0;
    return (share) => {
      const at = share * windowSeconds;
      while (at >= next) {
        end = next + 0.02 + random() * 0.08;
        next = end + exponential(random, 1 / perSecond);
      }
      return [Math.max(0, end - at) * 1e6 + exponential(random, 5_000)];
    };
  };

/** A model whose latencies are multiplied by a factor that changes over the window. @param factor of the share of the window that is over */
export const drifting =
  (model: LatencyModel, factor: (share: number) => number): LatencyModel =>
  (random, windowSeconds) => {
    const latenciesOf = model(random, windowSeconds);
    return (share) => latenciesOf(share).map((us) => us * factor(share));
  };
