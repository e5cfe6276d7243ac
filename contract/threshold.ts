/** How a figure is held against a bound. */
export type Comparator = '<' | '<=' | '==' | '!=' | '>=' | '>';

/** A condition on one path of every run, such as `latencyUs.delivery.p99 < 50ms`. */
export interface Threshold {
  /** As the user wrote it. */
  readonly text: string;
  /** From a run of the result: a path of `METRICS`. */
  readonly path: string;
  readonly comparator: Comparator;
  /** In the unit of the path. */
  readonly bound: number;
}
