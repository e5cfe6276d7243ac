import type { ExitCode } from '../contract/errors.ts';
import { asker } from './asker.ts';

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Where text goes. */
export interface Output {
  write(text: string): void;
}

/** All that a command knows of the process around it; tests bring their own. */
export interface System {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Data. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  /** True where stderr is a terminal: lines may be rewritten. */
  readonly isTTY: boolean;
  /** True where stdout may be coloured. */
  readonly colour: boolean;
  /** Width to write for, see {@link widthOf}. */
  readonly columns: number;
  /** Asks the user, and resolves with what was typed; null: nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Listens for a signal until the returned function is called. */
  on(signal: StopSignal, listener: () => void): () => void;
  /** Ends the process at once, whatever is going on. */
  exitNow(code: ExitCode): void;
}

/** The real process. */
export function processSystem(): System {
  const { env, stdin, stdout, stderr } = process;
  return {
    argv: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    stdout,
    stderr,
    isTTY: stderr.isTTY === true,
    // https://no-color.org: present and not empty, whatever its value.
    colour: stdout.isTTY === true && !env.NO_COLOR,
    columns: widthOf(stdout.columns),
    ask: stdin.isTTY === true && stderr.isTTY === true ? asker(stdin, stderr) : null,
    on(signal, listener) {
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
    exitNow: (code) => process.exit(code),
  };
}

/** Less than this no figure fits on a line. */
const LEAST_COLUMNS = 40;
const COLUMNS = 100;

/** Where there is no terminal it has no width, and one that nobody gave a size (`script`, `docker exec -t`) says 0. */
export function widthOf(columns: number | undefined): number {
  return columns === undefined || columns === 0 ? COLUMNS : Math.max(LEAST_COLUMNS, columns);
}
