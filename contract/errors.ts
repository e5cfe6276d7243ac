/** Exit codes of the `bench` command, one meaning each. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  invalid: 3,
  thresholdFailed: 4,
  inconclusive: 5,
  systemUnderTest: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One thing that is wrong with what the user gave: the key, the value seen, and what would be right. */
export interface Fault {
  readonly key: string;
  readonly value: unknown;
  readonly expected: string;
}

/**
 * An error whose reader is the user: what was wrong, and what to do about it.
 * The shell maps `exitCode` once; nothing else calls `process.exit`.
 */
export class BenchError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string;

  constructor(message: string, options: { exitCode: ExitCode; hint: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'BenchError';
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}

/** Several faults of one input, reported together. Exit code 2. */
export class UsageError extends BenchError {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], hint = 'bench run --help lists every option with its unit.') {
    super(faults.map(describeFault).join('\n'), { exitCode: EXIT.usage, hint });
    this.name = 'UsageError';
    this.faults = faults;
  }
}

function describeFault(fault: Fault): string {
  const value = fault.value === undefined ? '' : ` ${JSON.stringify(fault.value)}`;
  return `${fault.key}${value}: ${fault.expected}`;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
