/** What the two threads of an alarm share. */
export interface AlarmMemory {
  /** One word, {@link TURN}: grows by one with each time that is set. */
  readonly turns: Int32Array<SharedArrayBuffer>;
  /** One number: when it is to ring, microseconds of the monotonic clock. */
  readonly dueUs: Float64Array<SharedArrayBuffer>;
}

export const TURN = 0;
