/** When a slot asks again. */
export interface PollPacing {
  /** The slot has opened with its first answer. */
  opened(slot: number): void;
  /** A poll was answered; `isNew`: with something that the slot had not seen. Times in microseconds. */
  answered(slot: number, isNew: boolean, askedUs: number, receivedUs: number): void;
  /** A poll failed, and the slot stays; null: the server named no pause. */
  refused(slot: number, pauseMs: number | null): void;
  /** The slot asks no more. */
  remove(slot: number): void;
  stop(): void;
}
