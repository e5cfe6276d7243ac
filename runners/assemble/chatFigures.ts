import type { ChatFigures } from '../../contract/result.ts';
import type { ChatPhaseReport } from '../../contract/workerControl.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { Evidence } from '../session/evidence.ts';

/** What clients said themselves; null: they did not. */
export function chatFigures({ chat, plan: { subject } }: Evidence): ChatFigures | null {
  if (chat.length === 0 || subject.kind === 'target' || subject.capabilities.uplink === null) return null;
  const sum = (of: (report: ChatPhaseReport) => number): number =>
    chat.reduce((total, report) => total + of(report), 0);
  const typing = sum((report) => report.typing);
  const messages = sum((report) => report.messages) + typing;
  const echo = mergeHistograms(chat.map((report) => report.echo));
  const figures = {
    uplink: subject.capabilities.uplink,
    messages,
    typing,
    // A sender that never saw its own message waited for ever.
    echoUs: latencyStats(echo, { messages, lost: Math.max(0, messages - echo.totalCount) }),
    halfClosed: sum((report) => report.halfClosed),
    halfCloseRefused: sum((report) => report.halfCloseRefused),
    halfClosedExpected: sum((report) => report.halfClosedExpected),
    halfClosedReceived: sum((report) => report.halfClosedReceived),
    tcpConnections: sum((report) => report.tcpConnections),
  };
  echo.destroy();
  return figures;
}
