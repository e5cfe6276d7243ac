import type { ExitCode } from '../../contract/errors.ts';
import type { StopSignal, System } from '../system.ts';

/** A process around a command, in memory. */
export interface TestSystem extends System {
  /** All that was written so far. */
  out(): string;
  err(): string;
  /** Sends a signal to the command. */
  press(signal: StopSignal): void;
  /** Codes that the command asked to end with at once. */
  readonly ended: readonly ExitCode[];
  /** Resolves with stdout as soon as it contains the text. */
  waitForOut(text: string): Promise<string>;
}

export interface TestSystemOptions {
  readonly env?: System['env'];
  readonly cwd?: string;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** What somebody at a terminal answers, one after the other; the questions go to stderr. @default nobody sits there */
  readonly answers?: readonly string[];
}

export function testSystem(argv: readonly string[], options: TestSystemOptions = {}): TestSystem {
  const written = { out: '', err: '' };
  const listeners = new Map<StopSignal, Set<() => void>>();
  const waiting: { text: string; resolve: (out: string) => void }[] = [];
  const ended: ExitCode[] = [];
  const answers = options.answers === undefined ? null : [...options.answers];
  const answerTo = async (question: string): Promise<string> => {
    written.err += `${question}\n`;
    const answer = answers?.shift();
    if (answer === undefined) throw new Error(`nobody answers: ${question}`);
    return answer;
  };
  return {
    argv,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    isTTY: options.isTTY ?? false,
    colour: false,
    columns: options.columns ?? 100,
    ask: answers === null ? null : answerTo,
    stdout: {
      write(text) {
        written.out += text;
        for (const one of waiting) if (written.out.includes(one.text)) one.resolve(written.out);
      },
    },
    stderr: {
      write(text) {
        written.err += text;
      },
    },
    on(signal, listener) {
      const set = listeners.get(signal) ?? new Set();
      listeners.set(signal, set.add(listener));
      return () => set.delete(listener);
    },
    exitNow: (code) => ended.push(code),
    out: () => written.out,
    err: () => written.err,
    press: (signal) => {
      for (const listener of listeners.get(signal) ?? []) listener();
    },
    ended,
    waitForOut(text) {
      if (written.out.includes(text)) return Promise.resolve(written.out);
      return new Promise((resolve) => waiting.push({ text, resolve }));
    },
  };
}
