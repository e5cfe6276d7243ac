import { type OnReadOpts, Socket } from 'node:net';
import type { Clock } from '../../contract/clock.ts';
import { nowUs } from '../../contract/clock.ts';

/** What a protocol sees of its connections: the seam under which another transport (TLS) can be put. */
export interface TransportHandler {
  connected(slot: number): void;
  /** `buffer` is shared by all slots and is overwritten after the call. */
  onBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void;
  /** Once per `connect`. `error` is null where either side simply closed. */
  ended(slot: number, error: Error | null): void;
}

/** Bytes of the one read buffer of a process: as much as the kernel hands over in one read of a busy socket. */
export const READ_BUFFER_BYTES = 65_536;

/** A socket that knows its slot, so that listeners can be shared and no closure is made per connection. */
class SlotSocket extends Socket {
  readonly slot: number;
  failure: Error | null = null;

  constructor(slot: number, onread: OnReadOpts) {
    super({ onread, noDelay: true });
    this.slot = slot;
  }
}

/** Plain TCP connections by slot, all reading into one buffer. */
export class TcpTransport {
  bytesRead = 0;
  bytesWritten = 0;
  #live = 0;
  readonly #sockets: (SlotSocket | undefined)[];
  readonly #onread: OnReadOpts;
  readonly #onConnect: (this: SlotSocket) => void;
  readonly #onError: (this: SlotSocket, error: Error) => void;
  readonly #onClose: (this: SlotSocket) => void;
  readonly #onIdle: (() => void)[] = [];

  constructor(slots: number, handler: TransportHandler, clock: Clock = nowUs) {
    this.#sockets = new Array<SlotSocket | undefined>(slots).fill(undefined);
    // Node calls the read callback with the socket as `this`; tcpTransport.test.ts pins it.
    const read = (socket: SlotSocket, length: number, buffer: Uint8Array, receivedUs: number): boolean => {
      this.bytesRead += length;
      handler.onBytes(socket.slot, buffer, length, receivedUs);
      return true;
    };
    this.#onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      callback(this: SlotSocket, length: number, buffer: Uint8Array): boolean {
        const receivedUs = clock();
        return read(this, length, buffer, receivedUs);
      },
    };
    this.#onConnect = function onConnect(this: SlotSocket): void {
      handler.connected(this.slot);
    };
    this.#onError = function onError(this: SlotSocket, error: Error): void {
      this.failure = error;
    };
    const release = (socket: SlotSocket): void => this.#release(socket, handler);
    this.#onClose = function onClose(this: SlotSocket): void {
      release(this);
    };
  }

  /** Starts connecting. The kernel chooses the local address: naming one makes it search for a port much longer. */
  connect(slot: number, host: string, port: number): void {
    const socket = new SlotSocket(slot, this.#onread);
    this.#sockets[slot] = socket;
    this.#live++;
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    socket.connect({ host, port }, undefined);
    socket.on('connect', this.#onConnect);
  }

  /** Writes ASCII or latin1 text. */
  write(slot: number, text: string): void {
    this.bytesWritten += text.length;
    this.#sockets[slot]?.write(text, 'latin1');
  }

  /** Bytes written that the kernel has not taken yet. */
  unsentBytes(slot: number): number {
    return this.#sockets[slot]?.writableLength ?? 0;
  }

  /** Writes a last text and ends the connection from this side; `ended` follows. */
  end(slot: number, text: string): void {
    this.write(slot, text);
    this.#sockets[slot]?.destroySoon();
  }

  /** Ends a connection from this side; `ended` follows. */
  destroy(slot: number): void {
    this.#sockets[slot]?.destroy();
  }

  /** Destroys all connections; resolves when the last one has ended. */
  async destroyAll(): Promise<void> {
    if (this.#live === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
    for (const socket of this.#sockets) socket?.destroy();
    await idle;
  }

  #release(socket: SlotSocket, handler: TransportHandler): void {
    this.#sockets[socket.slot] = undefined;
    this.#live--;
    handler.ended(socket.slot, socket.failure);
    if (this.#live > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
