/** What a run tells while it goes on; the shell draws it, or does not. */
export type ProgressEvent =
  /** A run starts: `order` of `of` in this invocation. */
  | {
      readonly kind: 'run';
      readonly order: number;
      readonly of: number;
      readonly stage: string;
      readonly variant: string;
      readonly scenario: string;
    }
  /** A phase begins or goes on; `totalMs` null where its length is not known. Sent at most a few times per second. */
  | {
      readonly kind: 'phase';
      readonly phase: string;
      readonly elapsedMs: number;
      readonly totalMs: number | null;
      readonly figures: readonly ProgressFigure[];
    }
  /** Something the user should read even in a log file. */
  | { readonly kind: 'note'; readonly text: string }
  /** A process was stopped on purpose and goes on; times as they were, by the clock of the host. */
  | { readonly kind: 'frozen'; readonly role: string; readonly pid: number; readonly forUs: number };

export interface ProgressFigure {
  readonly label: string;
  readonly value: number;
  readonly unit: 'count' | 'perSecond' | 'us' | 'bytes';
}

export type ProgressListener = (event: ProgressEvent) => void;
