import type { Verdict } from './result.ts';

/** The comparison of some results: what `bench compare --json` prints, and `compare()` of the library gives. */
export interface ComparisonJson {
  /** The finding in one sentence. */
  readonly headline: string;
  readonly sources: readonly {
    /** Empty where there is only one. */
    readonly name: string;
    readonly createdAt: string;
    readonly command: readonly string[];
    readonly tool: { readonly name: string; readonly version: string };
  }[];
  /** In what the results are not alike: host, Node, load. */
  readonly differences: readonly { readonly what: string; readonly values: readonly string[] }[];
  /** Every figure of every server, not rounded. */
  readonly figures: readonly ComparedFigure[];
  /** What protection costs: each kind against the least protected one of the same server. */
  readonly security: readonly ProtectionCost[];
  /** What the figures support, and what would settle the rest. */
  readonly statements: readonly {
    readonly kind: 'cost' | 'wins' | 'ties' | 'open' | 'leftOut' | 'note';
    readonly text: string;
    /** Command that would settle what these runs do not; null: nothing is open. */
    readonly command: string | null;
  }[];
  /** Of servers that were swept: the load at which p99 leaves its bound. */
  readonly knees: readonly {
    readonly server: string;
    /** null: fewer than three loads. */
    readonly knee: { readonly load: number; readonly isReached: boolean; readonly boundUs: number } | null;
  }[];
  /** Every later result against the first, where both have the server. */
  readonly deltas: readonly {
    readonly metric: string;
    readonly better: 'higher' | 'lower';
    readonly old: ComparedFigure;
    readonly new: ComparedFigure;
    /** Change over the old value: 0.05 is 5 % more; null where the old one is 0. */
    readonly share: number | null;
    /** Of the Mann-Whitney U test; null with fewer than four runs on a side. */
    readonly p: number | null;
    readonly outcome: string;
  }[];
}

/** One figure of one server over its runs. */
export interface ComparedFigure {
  readonly server: string;
  /** Value of the swept number; null: nothing was swept. */
  readonly sweep: { readonly key: string; readonly value: number } | null;
  readonly metric: string;
  readonly unit: string;
  /** Median of the runs; of counts their sum. */
  readonly value: number;
  /** null: nothing is known about how far it varies. `high` is infinite where only a lower end is known. */
  readonly interval: { readonly low: number; readonly high: number; readonly kind: string } | null;
  /** Runs behind it. */
  readonly n: number;
  readonly verdict: Verdict;
  /** False where too few messages stand behind a percentile. */
  readonly isSupported: boolean;
}

/** A figure under one kind of protection, against the least protected. */
export interface ProtectionCost {
  readonly server: string;
  readonly sweep: ComparedFigure['sweep'];
  readonly kind: string;
  readonly against: string;
  readonly metric: string;
  /** 1.2 is 20 % more; null: not to be told. */
  readonly ratio: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** How far the intervals tell the two apart. */
  readonly told: 'apart' | 'notApart' | 'alike' | 'singleRun' | 'invalid';
}
