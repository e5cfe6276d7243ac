import type { ArticleRow } from '../../contract/result.ts';

/**
 * What the article claims of its Go servers (16 cores, 32 GB, Linux 6.1; 500 connections, 1 KB messages; RSS under load).
 * Claims to be measured against, never results of ours. Source: docs/claims.md.
 */
export const ARTICLE_CLAIMS: Readonly<Record<string, NonNullable<ArticleRow['claim']>>> = {
  blocking: { qps: 1_240, p95Ms: 86, rssPerConnectionMb: 4.2, roi: 295 },
  cancellable: { qps: 1_870, p95Ms: 41, rssPerConnectionMb: 3.1, roi: 603 },
  pooled: { qps: 2_950, p95Ms: 22, rssPerConnectionMb: 1.8, roi: 1_639 },
};
