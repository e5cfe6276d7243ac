/** What a stream says to a client, in a form that drivers and the reference parser can be compared by. */
export interface StreamReading {
  /** First data line of every message. */
  readonly messages: string[];
  gaps: number;
  heartbeats: number;
  retries: number[];
  /** Last id committed by a complete event; null: none. */
  lastId: string | null;
}

export function emptyReading(): StreamReading {
  return { messages: [], gaps: 0, heartbeats: 0, retries: [], lastId: null };
}

interface OpenEvent {
  data: string[];
  name: string;
  id: string | null;
}

const noEvent = (): OpenEvent => ({ data: [], name: '', id: null });

/**
 * Reads a whole stream by splitting strings, as plainly as the standard says it
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 */
export function referenceReading(stream: string): StreamReading {
  const reading = emptyReading();
  const text = stream.startsWith('\u00ef\u00bb\u00bf') ? stream.slice(3) : stream;
  const lines = text.replace(/\r\n|\r/g, '\n').split('\n');
  let event = noEvent();
  // The last piece is no line: its end has not come.
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      dispatch(event, reading);
      event = noEvent();
    } else readLine(line, event, reading);
  }
  return reading;
}

function readLine(line: string, event: OpenEvent, reading: StreamReading): void {
  if (/^: *ping/.test(line)) reading.heartbeats++;
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'data') event.data.push(value);
  else if (field === 'event') event.name = value;
  else if (field === 'id' && !value.includes('\0')) event.id = value;
  else if (field === 'retry' && /^\d+$/.test(value)) reading.retries.push(Number(value));
}

function dispatch(event: OpenEvent, reading: StreamReading): void {
  if (event.id !== null) reading.lastId = event.id === '' ? null : event.id;
  if (event.data.length === 0) return;
  if (event.name === 'heartbeat') reading.heartbeats++;
  else if (event.name === 'gap') reading.gaps++;
  else reading.messages.push(event.data[0]);
}

/** Uniform numbers in [0, 1) from a seed (Mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LINES = [
  'data: hello world',
  'data:x',
  'data:  two blanks',
  'data: a: colon',
  `data: ${'long '.repeat(40)}`,
  'data',
  'data:',
  'dataset: no data',
  'Data: no data either',
  ' data: nor this',
  'id: 12',
  'id: 0012',
  'id:abc-7',
  'id: 12345678901234567890',
  'id',
  'id: a\0b',
  'ident: 3',
  'event: heartbeat',
  'event:gap',
  'event: other',
  'event',
  'eventual: 1',
  'retry: 100',
  'retry: 1x',
  'retry',
  ': ping',
  ':ping 5',
  ': note',
  ':',
  'unknown: y',
  'unknown',
];
const LINE_ENDS = ['\n', '\r', '\r\n'];

/** A stream of lines of every kind, with every kind of line end, possibly cut off inside an event. */
export function randomStream(random: () => number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)];
  let stream = random() < 0.2 ? '\u00ef\u00bb\u00bf' : '';
  const lines = 5 + Math.floor(random() * 40);
  const oneEnd = random() < 0.5 ? pick(LINE_ENDS) : null;
  for (let i = 0; i < lines; i++) stream += (random() < 0.3 ? '' : pick(LINES)) + (oneEnd ?? pick(LINE_ENDS));
  return stream;
}

/** Cuts a text into parts of random length, one byte among them. */
export function randomParts(text: string, random: () => number): string[] {
  const parts = [];
  const longest = 1 + Math.floor(random() * 60);
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * longest);
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}

/** The text in chunked transfer coding, a chunk for each part, with an extension here and there. */
export function chunkedBody(parts: readonly string[], end = '0\r\n\r\n'): string {
  const chunks = parts.map((part, i) => {
    const extension = i % 3 === 1 ? ';name="va;lue"' : '';
    return `${part.length.toString(16)}${extension}\r\n${part}\r\n`;
  });
  return chunks.join('') + end;
}
