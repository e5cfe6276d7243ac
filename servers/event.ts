/** A message as its subscribers get it over a WebSocket in the encoding `json`. */
export interface Event<T> {
  /** Rises over all topics; what a client resumes by. */
  readonly id: number;
  readonly type: 'message';
  readonly topic: string;
  readonly payload: T;
}

/**
 * Reads the text of a frame; `readPayload` makes of the published body what the caller expects it to be, or throws.
 * @returns null for a frame that is no message, such as a gap
 */
export function readEvent<T>(text: string, readPayload: (body: string) => T): Event<T> | null {
  const frame: Partial<Record<keyof Event<T>, unknown>> = JSON.parse(text);
  const { id, type, topic, payload } = frame;
  if (
    type !== 'message' ||
    typeof id !== 'number' ||
    typeof topic !== 'string' ||
    typeof payload !== 'string'
  ) {
    return null;
  }
  return { id, type, topic, payload: readPayload(payload) };
}
