import { type Clock, nowUs } from '../contract/clock.ts';
import { EXIT } from '../contract/errors.ts';
import type { StopSignal, System } from './system.ts';

/**
 * One Ctrl-C reaches a process more than once: from the terminal, from npx, from the launcher.
 * Signals closer together than this are one.
 */
const SAME_PRESS_US = 300_000;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** From the user, from a service manager, from a terminal that was closed. */
const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The first of them aborts the signal, a second one ends the process at once. */
export function listenForInterrupt(system: System, onFirst: () => void, clock: Clock = nowUs): Interrupt {
  const controller = new AbortController();
  let firstUs: number | null = null;
  const onSignal = (): void => {
    if (firstUs === null) {
      firstUs = clock();
      onFirst();
      controller.abort(new Error('interrupted'));
    } else if (clock() - firstUs > SAME_PRESS_US) {
      system.exitNow(EXIT.interrupted);
    }
  };
  const listening = STOP_SIGNALS.map((name) => system.on(name, onSignal));
  return {
    signal: controller.signal,
    release: () => {
      for (const stop of listening) stop();
    },
  };
}
