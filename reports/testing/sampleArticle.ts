import type { ArticleRow, Run } from '../../contract/result.ts';
import { sampleRun } from './sampleRun.ts';

const ARTICLE: readonly (readonly [string, string, number, number, number, number, ArticleRow['claim']])[] = [
  ['blocking', 'naive', 6_200, 80, 44_000, 3.1, { qps: 1240, p95Ms: 86, rssPerConnectionMb: 4.2, roi: 295 }],
  [
    'cancellable',
    'naive',
    6_150,
    81,
    43_800,
    1.0,
    { qps: 1870, p95Ms: 41, rssPerConnectionMb: 3.1, roi: 603 },
  ],
  ['pooled', 'naive', 6_900, 74, 41_000, 1.0, { qps: 2950, p95Ms: 22, rssPerConnectionMb: 1.8, roi: 1639 }],
  ['shared', 'idiomatic', 41_000, 61, 39_000, 1.0, null],
  ['raw', 'tuned', 83_000, 48, 22_000, 1.0, null],
];

/** The five runs of `article-sse`. */
export function articleRuns(): Run[] {
  return ARTICLE.map(([variant, tag, qps, p95Ms, rss, churn, claim], order) =>
    sampleRun(
      {
        variant,
        tag,
        order,
        scenario: 'article-sse',
        procedure: 'article-sse',
        article: {
          stage: 'sse',
          variant,
          claim,
          qps,
          p95Us: p95Ms * 1000,
          rssUnderLoadPerConnectionBytes: rss + 120_000,
          rssSlopePerConnectionBytes: rss,
          roi: qps / ((rss + 120_000) / 1e6),
          gcPauseMsPerSecond: 22 - order * 4,
          allocatedBytesPerDelivery: 5_400 / (order + 1),
          churnHeldRatio: churn,
          cpuUsPerDelivery: 40 / (order + 1),
        },
        ceiling: {
          ratePerSecond: qps / 500,
          deliveriesPerSecond: qps,
          limitedBy: 'server CPU: one core busy',
          sloUs: 100_000,
          sloQuantile: 0.95,
          steps: [0.25, 0.5, 1, 1.2].map((factor) => ({
            ratePerSecond: (qps / 500) * factor,
            deliveriesPerSecond: qps * Math.min(1, factor),
            latencyUs: factor > 1 ? 340_000 : p95Ms * 1000 * factor,
            lost: 0,
            refused: 0,
            passed: factor <= 1,
            reason: factor > 1 ? 'p95 340 ms above 100 ms' : '',
          })),
        },
      },
      700 * (5 - order),
    ),
  );
}
