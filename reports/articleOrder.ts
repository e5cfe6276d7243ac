import type { ArticleRow, Run } from '../contract/result.ts';

/** Whether our figures rank the article's variants as the article does. */
export interface OrderFinding {
  readonly reproduced: boolean;
  /** Variants by our QPS, lowest first. */
  readonly ours: readonly ArticleRow[];
  /** Variants by the claimed QPS, lowest first. */
  readonly claimed: readonly ArticleRow[];
}

/** A rise counts only beyond what two searches of one server differ by: the search ends within 10 %. */
export const TIE = 1.1;

export function articleRows(runs: readonly Run[]): ArticleRow[] {
  return runs.flatMap((run) => (run.article ? [run.article] : []));
}

/** Compares the order of QPS; null where fewer than two claimed rows were measured. */
export function articleOrder(rows: readonly ArticleRow[]): OrderFinding | null {
  const known = rows.filter((row) => row.claim !== null && row.qps !== null);
  if (known.length < 2) return null;
  const claimed = [...known].sort((a, b) => (a.claim?.qps ?? 0) - (b.claim?.qps ?? 0));
  const ours = [...known].sort((a, b) => (a.qps ?? 0) - (b.qps ?? 0));
  const reproduced = claimed.every((row, i) => {
    const below = claimed[i - 1];
    return !below || (row.qps ?? 0) > (below.qps ?? 0) * TIE;
  });
  return { reproduced, ours, claimed };
}
