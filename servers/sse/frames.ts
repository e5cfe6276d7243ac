import type { HeartbeatStyle } from '../../contract/pushServer.ts';
import type { Encoder } from '../encoding.ts';
import type { Refusal } from '../flow/refusal.ts';
import { NO_ID, type PushEvent, type ReplayGap } from '../replay.ts';

/**
 * Event-stream framing, WHATWG HTML section 9.2.6 ("Interpreting an event stream").
 * CR, LF and CRLF all end a line there, so each of them starts a new `data:` line here.
 */
const LINE_END = /\r\n|\r|\n/;
const HAS_LINE_END = /[\r\n]/;

/** What the `data:` lines of an event hold, one by one. */
export function linesOf(text: string): readonly string[] {
  return HAS_LINE_END.test(text) ? text.split(LINE_END) : [text];
}

export function dataLines(text: string): string {
  if (!HAS_LINE_END.test(text)) return `data: ${text}\n`;
  let lines = '';
  for (const line of text.split(LINE_END)) lines += `data: ${line}\n`;
  return lines;
}

export function eventFrame(event: PushEvent, encode: Encoder): string {
  return `${headLine(event)}${dataLines(encode(event))}\n`;
}

/** A typing notice has a name in place of an id: it must not move the client's last id. */
export function headLine({ id }: PushEvent): string {
  return id === NO_ID ? 'event: typing\n' : `id: ${id}\n`;
}

/** Sets the client's last id past the gap, so that it is told once. */
export function gapFrame(gap: ReplayGap): string {
  return `event: gap\nid: ${gap.to}\ndata: ${JSON.stringify(gap)}\n\n`;
}

/** A heartbeat has no id: it must not move the client's last id. */
export function heartbeatFrame(style: Exclude<HeartbeatStyle, 'none'>): string {
  return style === 'comment' ? ': ping\n\n' : 'event: heartbeat\ndata: {}\n\n';
}

/** Last bytes to a client that reads too slowly: a comment and a delay, which hand nothing to the page. */
export function refusedFrame({ budgets, retryAfterMs }: Refusal): string {
  const limits = budgets.map(({ name, limit }) => `${name} ${limit}`).join(', ');
  return `: refused: more waits than is allowed (${limits}); resume by the last id\nretry: ${retryAfterMs}\n\n`;
}

/** First bytes of every stream: makes proxies and clients see the head at once. */
export function preamble(retryMs: number | null): string {
  return retryMs === null ? ': connected\n\n' : `: connected\nretry: ${retryMs}\n\n`;
}
