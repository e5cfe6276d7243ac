const cell = new Int32Array(new SharedArrayBuffer(4));

/** Holds the event loop again and again. Asleep, not busy: the cores stay free for what is measured beside it. */
export function holdLoop(forMs: number, everyMs: number): NodeJS.Timeout {
  return setInterval(() => Atomics.wait(cell, 0, 0, forMs), everyMs);
}
