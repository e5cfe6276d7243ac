import Type, { type Static } from 'typebox';
import { Count, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

// The tables that are held against published claims.

export const ArticleRow = object(
  {
    stage: Str,
    variant: Str,
    claim: orNull(object({ qps: Num, p95Ms: Num, rssPerConnectionMb: Num, roi: Num })),
    qps: NumOrNull,
    p95Us: NumOrNull,
    /** Server RSS under load over connections, bytes: the article's ruler. */
    rssUnderLoadPerConnectionBytes: NumOrNull,
    /** RSS slope of the separate idle ramp, bytes. */
    rssSlopePerConnectionBytes: NumOrNull,
    roi: NumOrNull,
    gcPauseMsPerSecond: NumOrNull,
    allocatedBytesPerDelivery: NumOrNull,
    /** Connections the server still held after a churn of clients, over those that were live. */
    churnHeldRatio: NumOrNull,
    cpuUsPerDelivery: NumOrNull,
  },
  'One row of the article table of servers/sse, ours beside the claim',
);

export const PollArticleRow = object(
  {
    stage: Str,
    variant: Str,
    /** Claims of the article: mean delay, connection reuse, CPU peak, empty polls. null: it says nothing of this variant. */
    claim: orNull(
      object({ meanDelayMs: Num, reuseRatio: Num, cpuPeakShare: Num, emptyLow: Num, emptyHigh: Num }),
    ),
    pollsPerSecond: Num,
    /** From due to the whole answer. */
    meanRoundTripUs: NumOrNull,
    /** From the intended publish to the poll that shows it. */
    meanDeliveryUs: NumOrNull,
    connectionReuseRatio: NumOrNull,
    /** Highest of the window by second, server processes, cores. */
    cpuPeakCores: NumOrNull,
    cpuMeanCores: NumOrNull,
    emptyRatio: NumOrNull,
    eventsPerPollInterval: NumOrNull,
    /** Server CPU at growing polls per second, and the exponent fitted to it on log-log scales. */
    sweep: Type.Array(object({ pollsPerSecond: Num, cpuCores: NumOrNull, p99RoundTripUs: NumOrNull })),
    exponent: orNull(object({ value: Num, low: Num, high: Num, claim: Num })),
  },
  'One row of the article table of servers/poll, ours beside the claim',
);

export const WsArticleRow = object(
  {
    stage: Str,
    variant: Str,
    /** Resident memory of the server by half-second at each number of connections, under a steady broadcast. */
    levels: Type.Array(
      object({
        connections: Count,
        rssBytes: Type.Array(Num),
        meanBytes: Num,
        /** Standard deviation over the mean, after the linear trend is taken off. */
        jitter: Num,
        /** Highest less lowest. */
        rangeBytes: Num,
        gcPauseMaxMs: NumOrNull,
      }),
    ),
    claimAboveConnections: Num,
  },
  'Memory over time at growing numbers of connections, beside the claim of jitter above 5,000',
);

export const EncodingRow = object({
  encoding: Str,
  bytes: Num,
  encodeNs: Num,
  parseNs: Num,
});

export type ArticleRow = Static<typeof ArticleRow>;
export type PollArticleRow = Static<typeof PollArticleRow>;
export type WsArticleRow = Static<typeof WsArticleRow>;
export type EncodingRow = Static<typeof EncodingRow>;
