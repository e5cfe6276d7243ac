import type { Socket } from 'node:net';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  /** @default true */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. @default 0 */
  readonly rsv?: number;
  /** @default true */
  readonly isMasked?: boolean;
  /** Said in place of the real length, in 64 bits. */
  readonly saidLength?: bigint;
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** One frame of a client, by hand, with whatever is wrong with it (RFC 6455, section 5.2). */
export function clientFrame(options: FrameOptions): Buffer {
  const { opcode, payload = '', fin = true, rsv = 0, isMasked = true, saidLength } = options;
  const data = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const length = lengthBytes(saidLength ?? BigInt(data.length), saidLength !== undefined);
  length[0] |= isMasked ? 0x80 : 0;
  const masked = isMasked ? data.map((byte, i) => byte ^ MASK[i % 4]) : data;
  return Buffer.concat([Buffer.from([first]), length, ...(isMasked ? [MASK] : []), masked]);
}

function lengthBytes(length: bigint, isLong: boolean): Buffer {
  if (length > 0xffffn || isLong) {
    const bytes = Buffer.from([127, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.writeBigUInt64BE(length, 1);
    return bytes;
  }
  return length <= 125n
    ? Buffer.from([Number(length)])
    : Buffer.from([126, Number(length) >> 8, Number(length) & 0xff]);
}

/** Payload of a close frame; no code: an empty one. */
export function closePayload(code?: number, reason: Buffer | string = ''): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

const HANDSHAKE: Readonly<Record<string, string>> = {
  Host: 'x',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

export interface RequestOptions {
  /** @default 'GET /ws?topic=t1 HTTP/1.1' */
  readonly line?: string;
  /** Beside or in place of those of a good handshake; null: leave it out. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Head of an opening handshake, with whatever is wrong with it. */
export function handshake({ line = 'GET /ws?topic=t1 HTTP/1.1', headers = {} }: RequestOptions = {}): string {
  const all = Object.entries({ ...HANDSHAKE, ...headers }).filter(([, value]) => value !== null);
  return `${line}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** A client that does nothing by itself: it answers no ping and no close, and reads every frame there is. */
export class RawClient {
  readonly socket: Socket;
  readonly frames: ServerFrame[] = [];
  head = '';
  #rest = Buffer.alloc(0);
  #isUpgraded = false;
  #taken = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // A server that turns a connection away may reset it; `close` follows.
    socket.on('error', () => {});
  }

  /** The next frame; null where the server ends the connection first. */
  async next(): Promise<ServerFrame | null> {
    while (this.#taken === this.frames.length) {
      if (this.socket.closed) return null;
      await this.#turn();
    }
    return this.frames[this.#taken++];
  }

  /** The head of the answer to the handshake. */
  async answered(): Promise<string> {
    while (!this.head.endsWith('\r\n\r\n')) {
      if (this.socket.closed) return this.head;
      await this.#turn();
    }
    return this.head;
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await new Promise((resolve) => this.socket.once('close', resolve));
  }

  /** Something came, or the connection ended. */
  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.socket.off('data', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.on('data', done);
      this.socket.on('close', done);
    });
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.#isUpgraded) this.#readHead();
    while (this.#isUpgraded && this.#readFrame());
  }

  #readHead(): void {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.head = this.#rest.toString('latin1', 0, end + 4);
    this.#isUpgraded = this.head.startsWith('HTTP/1.1 101 ');
    this.#rest = this.#rest.subarray(end + 4);
  }

  #readFrame(): boolean {
    const bytes = this.#rest;
    if (bytes.length < 2) return false;
    const short = bytes[1];
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) return false;
    const length =
      start === 2 ? short : start === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return false;
    this.frames.push({ opcode: bytes[0] & 0x0f, payload: bytes.subarray(start, start + length) });
    this.#rest = bytes.subarray(start + length);
    return true;
  }
}
