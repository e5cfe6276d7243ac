import type { ArticleRow, PollArticleRow } from '../../contract/result.ts';

/**
 * What the article claims of its Go servers (16 cores, 32 GB, Linux 6.1; 500 connections, 1 KB messages; RSS under load).
 * Claims to be measured against, never results of ours. Source: docs/claims.md.
 */
export const ARTICLE_CLAIMS: Readonly<Record<string, NonNullable<ArticleRow['claim']>>> = {
  blocking: { qps: 1_240, p95Ms: 86, rssPerConnectionMb: 4.2, roi: 295 },
  cancellable: { qps: 1_870, p95Ms: 41, rssPerConnectionMb: 3.1, roi: 603 },
  pooled: { qps: 2_950, p95Ms: 22, rssPerConnectionMb: 1.8, roi: 1_639 },
};

/** Polling at 500 polls per second, over TLS, each poll on a connection of its own: what it calls short polling. */
export const POLL_CLAIMS: Readonly<Record<string, NonNullable<PollArticleRow['claim']>>> = {
  short: { meanDelayMs: 382, reuseRatio: 0, cpuPeakShare: 0.94, emptyLow: 0.6, emptyHigh: 0.73 },
};

/** "Server load grows with the square of QPS." */
export const CLAIMED_EXPONENT = 2;

/** "The memory of a single node jitters above 5,000 connections." */
export const JITTER_ABOVE_CONNECTIONS = 5_000;
