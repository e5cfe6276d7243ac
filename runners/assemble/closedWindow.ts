import type { WindowEvidence } from '../session/evidence.ts';

/** null where an abort ended the window before its second edge: a difference to itself would be 0 of everything. */
export function closedWindow(window: WindowEvidence | null): WindowEvidence | null {
  return window === null || window.after === window.before ? null : window;
}
