import { createServer, type Server, type Socket } from 'node:net';
import type { NullFlood, NullSubscriber } from './nullFlood.ts';

/** RFC 9113, section 3.4. */
const PREFACE_BYTES = Buffer.byteLength('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** RFC 9113, section 6: types of frames, flags, and the head that every frame has. */
const TYPE = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, windowUpdate: 8 } as const;
const ACK = 1;
const END_HEADERS = 4;
const HEAD_BYTES = 9;
const INITIAL_WINDOW_SIZE = 4;
const DEFAULT_WINDOW = 65_535;
/** What a client takes in one frame where it asked for no more (section 6.5.2). */
const MAX_FRAME_BYTES = 16_384;

/**
 * The table of fields made empty, which a client that wants none has to be told (RFC 7541, section 4.2); `:status: 200` of the
 * static table; and a content type, as a literal that is not indexed (section 6.2.2).
 */
function responseFields(contentType: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x20, 0x88, 0x0f, 0x10, contentType.length]),
    Buffer.from(contentType, 'latin1'),
  ]);
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, HEAD_BYTES);
  return bytes;
}

/** A message in DATA frames, joined so that they go out in one write. */
function dataFrames(stream: number, message: Buffer): Buffer {
  if (message.length <= MAX_FRAME_BYTES) return frame(TYPE.data, 0, stream, message);
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += MAX_FRAME_BYTES) {
    parts.push(frame(TYPE.data, 0, stream, message.subarray(at, at + MAX_FRAME_BYTES)));
  }
  return Buffer.concat(parts);
}

/** One stream of a connection, pushed to as far as its window and that of its connection allow. */
interface PushedStream extends NullSubscriber {
  readonly id: number;
  window: number;
  /** Written as far as the windows go; null: nothing waits. */
  waiting: Buffer | null;
}

/** Null server of streams over HTTP/2: each message to a stream is one write, whoever shares the connection. */
export function pushOverHttp2(flood: NullFlood, contentType: string): Server {
  const fields = responseFields(contentType);
  return createServer({ noDelay: true }, (socket) => new Connection(socket, flood, fields));
}

class Connection {
  readonly #socket: Socket;
  readonly #flood: NullFlood;
  readonly #fields: Buffer;
  readonly #streams = new Map<number, PushedStream>();
  #unread: Buffer = Buffer.alloc(0);
  #hasPreface = false;
  #window = DEFAULT_WINDOW;
  #streamWindow = DEFAULT_WINDOW;

  constructor(socket: Socket, flood: NullFlood, fields: Buffer) {
    this.#socket = socket;
    this.#flood = flood;
    this.#fields = fields;
    socket.write(frame(TYPE.settings, 0, 0, new Uint8Array(0)));
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    // A client that resets its connection is gone like any other.
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const stream of this.#streams.values()) flood.leave(stream);
    });
  }

  #read(bytes: Buffer): void {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    if (!this.#hasPreface) {
      if (this.#unread.length < PREFACE_BYTES) return;
      this.#hasPreface = true;
      this.#unread = this.#unread.subarray(PREFACE_BYTES);
    }
    while (this.#unread.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.#unread.readUIntBE(0, 3);
      if (this.#unread.length < end) return;
      const whole = this.#unread.subarray(0, end);
      this.#unread = this.#unread.subarray(end);
      this.#take(whole[3], whole[4], whole.readUInt32BE(5) & 0x7fff_ffff, whole.subarray(HEAD_BYTES));
    }
  }

  #take(type: number, flags: number, stream: number, payload: Buffer): void {
    if (type === TYPE.headers) this.#open(stream);
    else if (type === TYPE.windowUpdate) this.#widen(stream, payload.readUInt32BE(0));
    else if (type === TYPE.reset) this.#close(stream);
    else if (type === TYPE.ping && (flags & ACK) === 0) this.#socket.write(frame(TYPE.ping, ACK, 0, payload));
    else if (type === TYPE.settings && (flags & ACK) === 0) this.#settle(payload);
  }

  #settle(payload: Buffer): void {
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      if (payload.readUInt16BE(at) === INITIAL_WINDOW_SIZE) this.#streamWindow = payload.readUInt32BE(at + 2);
    }
    this.#socket.write(frame(TYPE.settings, ACK, 0, new Uint8Array(0)));
  }

  #open(id: number): void {
    this.#socket.write(frame(TYPE.headers, END_HEADERS, id, this.#fields));
    const stream: PushedStream = {
      id,
      seq: 0,
      isGone: false,
      window: this.#streamWindow,
      waiting: null,
      write: (message) => this.#write(stream, message),
    };
    this.#streams.set(id, stream);
    this.#flood.join(stream);
  }

  #close(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    this.#flood.leave(stream);
  }

  /** @returns whether all of it has gone out */
  #write(stream: PushedStream, message: Buffer): boolean {
    const now = Math.min(message.length, stream.window, this.#window);
    if (now > 0) {
      stream.window -= now;
      this.#window -= now;
      this.#socket.write(dataFrames(stream.id, message.subarray(0, now)));
    }
    stream.waiting = now === message.length ? null : message.subarray(now);
    return stream.waiting === null;
  }

  #widen(id: number, bytes: number): void {
    const stream = this.#streams.get(id);
    if (id === 0) this.#window += bytes;
    else if (stream !== undefined) stream.window += bytes;
    for (const each of id === 0 ? this.#streams.values() : stream === undefined ? [] : [stream]) {
      if (each.waiting !== null && this.#write(each, each.waiting)) this.#flood.ready(each);
    }
  }
}
