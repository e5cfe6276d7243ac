import type { ProgressEvent, ProgressFigure, ProgressListener } from '../contract/progress.ts';
import type { System } from './system.ts';

/** Draws progress on stderr: one rewritten line per phase on a terminal, one plain line per phase elsewhere. */
export interface ProgressView {
  readonly listen: ProgressListener;
  /** Ends the line that is being rewritten. */
  finish(): void;
}

const CLEAR_LINE = '\r\x1b[2K';

export function createProgress(system: Pick<System, 'stderr' | 'isTTY' | 'columns'>): ProgressView {
  return system.isTTY ? liveView(system) : plainView(system);
}

type PhaseEvent = Extract<ProgressEvent, { kind: 'phase' }>;

function liveView({ stderr, columns }: Pick<System, 'stderr' | 'columns'>): ProgressView {
  let phase: string | null = null;
  const finish = (): void => {
    if (phase !== null) stderr.write('\n');
    phase = null;
  };
  const listen = (event: ProgressEvent): void => {
    if (event.kind !== 'phase') {
      finish();
      stderr.write(`${lineOf(event)}\n`);
      return;
    }
    if (event.phase !== phase) finish();
    phase = event.phase;
    // One column is left free: a line that fills the last one wraps on some terminals.
    stderr.write(`${CLEAR_LINE}${phaseLine(event).slice(0, Math.max(20, columns - 1))}`);
  };
  return { listen, finish };
}

/** The last state of a phase is told when the next one begins, so that its line carries the final figures. */
function plainView({ stderr }: Pick<System, 'stderr'>): ProgressView {
  let last: PhaseEvent | null = null;
  const finish = (): void => {
    if (last !== null) stderr.write(`${phaseLine({ ...last, totalMs: null })}\n`);
    last = null;
  };
  const listen = (event: ProgressEvent): void => {
    if (event.kind !== 'phase' || (last !== null && last.phase !== event.phase)) finish();
    if (event.kind === 'phase') last = event;
    else stderr.write(`${lineOf(event)}\n`);
  };
  return { listen, finish };
}

function lineOf(event: Exclude<ProgressEvent, PhaseEvent>): string {
  if (event.kind === 'note') return event.text;
  if (event.kind === 'frozen') return `${event.role} (pid ${event.pid}) stopped for ${timeText(event.forUs)}`;
  const { order, of, stage, variant, scenario } = event;
  return `Run ${order + 1} of ${of}: ${stage}:${variant}, ${scenario}`;
}

/** `  measure     12.0 s  19,998 deliveries/s  8 s left` */
export function phaseLine(event: PhaseEvent): string {
  const parts = [`  ${event.phase.padEnd(10)} ${(event.elapsedMs / 1_000).toFixed(1).padStart(6)} s`];
  parts.push(...event.figures.map(figureText));
  const left = event.totalMs === null ? 0 : Math.ceil((event.totalMs - event.elapsedMs) / 1_000);
  if (left > 0) parts.push(`${left} s left`);
  return parts.join('  ');
}

function figureText({ label, value, unit }: ProgressFigure): string {
  if (unit === 'us') return `${label} ${timeText(value)}`;
  if (unit === 'bytes') return `${label} ${(value / 1_048_576).toFixed(1)} MiB`;
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0;
  const number = value.toLocaleString('en', { maximumFractionDigits: digits });
  return unit === 'perSecond' ? `${number} ${label}/s` : `${number} ${label}`;
}

function timeText(us: number): string {
  if (us < 1_000) return `${us.toFixed(0)} us`;
  return us < 1_000_000 ? `${(us / 1_000).toFixed(1)} ms` : `${(us / 1_000_000).toFixed(2)} s`;
}
