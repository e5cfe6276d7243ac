/** The user asked the run to end. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted by the user');
    this.name = 'Interrupted';
  }
}

/** Rejects when the signal is aborted; never resolves. */
export function whenInterrupted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new Interrupted());
    else signal.addEventListener('abort', () => reject(new Interrupted()), { once: true });
  });
  aborted.catch(() => {});
  return aborted;
}
