import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import { highestSupportedQuantile } from './statistics/support.ts';

/** One point of a percentile curve. */
export interface QuantilePoint {
  /** Share of the expected deliveries at or below `valueUs`. */
  readonly quantile: number;
  readonly valueUs: number;
}

export interface CurveOptions {
  /** Independent messages behind the histogram: the curve ends where they no longer support it. */
  readonly messages: number;
  /** Share that was expected and never arrived: it lies at +infinity, so the curve ends before it. */
  readonly lostShare: number;
  /** Points per factor of ten of 1/(1-q). @default 24 */
  readonly pointsPerDecade?: number;
}

/** The few methods of a decoded histogram that reports read. */
export interface DecodedHistogram {
  readonly totalCount: number;
  getValueAtPercentile(percentile: number): number;
}

/**
 * Decodes a histogram of a result: base64 of HdrHistogram V2 compressed, microseconds.
 * @throws BenchError where the text is damaged.
 */
export function decodeHistogram(base64: string): Histogram {
  try {
    return decodeFromCompressedBase64(base64, 32, false);
  } catch (error) {
    throw new BenchError(`a histogram of the result cannot be decoded: ${messageOf(error)}`, {
      exitCode: EXIT.usage,
      hint: 'The file was changed after it was written; use the original result.json.',
      cause: error,
    });
  }
}

/** Quantiles evenly spaced on the axis 1/(1-q), from the median's left to the last that is supported. */
export function quantileCurve(histogram: DecodedHistogram, options: CurveOptions): QuantilePoint[] {
  const last = Math.min(highestSupportedQuantile(options.messages), 1 - options.lostShare);
  if (histogram.totalCount === 0 || last <= 0) return [];
  const perDecade = options.pointsPerDecade ?? 24;
  const decades = Math.log10(1 / (1 - Math.min(last, 1 - 1e-9)));
  const steps = Math.floor(decades * perDecade);
  const points: QuantilePoint[] = [];
  for (let step = 0; step <= steps; step++) {
    points.push(pointAt(histogram, 1 - 10 ** (-step / perDecade), options.lostShare));
  }
  if (last < 1) points.push(pointAt(histogram, last, options.lostShare));
  return points;
}

function pointAt(histogram: DecodedHistogram, quantile: number, lostShare: number): QuantilePoint {
  const ofReceived = Math.min(1, quantile / (1 - lostShare));
  return { quantile, valueUs: histogram.getValueAtPercentile(ofReceived * 100) };
}
