/** A stretch of constant rate within a load shape. */
export interface LoadStage {
  readonly durationMs: number;
  readonly ratePerSecond: number;
}

/**
 * One stretch of the schedule. Phases follow each other; a message belongs to the phase of its schedule index for ever,
 * whenever it arrives. Message `i` goes to stream `i mod streams` and is number `floor(i / streams)` of it.
 */
export interface PhaseSpec {
  readonly id: number;
  readonly name: 'ingest' | 'warmup' | 'measure' | 'profile' | 'step';
  /** Schedule index of its first message; phases are contiguous. */
  readonly firstIndex: number;
  /** Messages in this phase. */
  readonly count: number;
  /** Microseconds of the monotonic clock. */
  readonly startUs: number;
  readonly durationUs: number;
  /** Mean over the phase. */
  readonly ratePerSecond: number;
  /** How the rate changes within the phase: the durations add up to its own. One entry: a constant rate. */
  readonly shape: readonly LoadStage[];
  readonly arrivals: 'uniform' | 'poisson';
  /** Of the Poisson gaps. */
  readonly seed: number;
  readonly streams: number;
}

/** Number of messages of `stream` with a schedule index below `index`. */
export function messagesBefore(index: number, stream: number, streams: number): number {
  return Math.max(0, Math.ceil((index - stream) / streams));
}

export function streamOf(index: number, streams: number): number {
  return index % streams;
}

export function seqOf(index: number, streams: number): number {
  return Math.floor(index / streams);
}

/** Rows into which the window is cut for timelines and intervals: at most 240, ten per second where that fits. */
export function sliceRows(durationUs: number): number {
  const seconds = Math.max(1, Math.ceil(durationUs / 1e6));
  const perSecond = [10, 5, 2, 1].find((n) => n * seconds <= 240);
  return perSecond === undefined ? 240 : perSecond * seconds;
}
