import type { OnReadOpts, Socket } from 'node:net';
import { type Clock, nowUs } from '../../contract/clock.ts';
import type { TlsParameters } from '../../contract/security.ts';
import { ReadThrottle } from './readThrottle.ts';
import type { Transport, TransportHandler } from './transport.ts';

/** Bytes of the one read buffer of a process: as much as the kernel hands over in one read of a busy socket. */
export const READ_BUFFER_BYTES = 65_536;

/** A socket that knows its slot, so that listeners can be shared and no closure is made per connection. */
export interface SlotSocket extends Socket {
  readonly slot: number;
  failure: Error | null;
}

/** What a kind of connection adds to bare sockets. */
export interface Wire {
  /** Bytes that one read stands for on the wire, beyond those it hands over. */
  readonly overheadOf: (bytes: number) => number;
  /** Event of a socket from which on bytes may be written. */
  readonly ready: 'connect' | 'secureConnect';
}

/** Connections by slot, all reading into one buffer, whatever kind of socket they have. */
export abstract class SocketTransport<S extends SlotSocket> implements Transport {
  bytesRead = 0;
  bytesWritten = 0;
  #live = 0;
  readonly #sockets: (S | undefined)[];
  readonly #wire: Wire;
  readonly #throttle: ReadThrottle;
  readonly #onread: OnReadOpts;
  readonly #onReady: (this: S) => void;
  readonly #onError: (this: S, error: Error) => void;
  readonly #onClose: (this: S) => void;
  readonly #onIdle: (() => void)[] = [];

  constructor(slots: number, handler: TransportHandler, wire: Wire, clock: Clock = nowUs) {
    this.#sockets = new Array<S | undefined>(slots).fill(undefined);
    this.#wire = wire;
    this.#throttle = new ReadThrottle({
      pause: (slot) => this.#sockets[slot]?.pause(),
      resume: (slot) => this.#sockets[slot]?.resume(),
    });
    // Node calls the read callback with the socket as `this`; tcpTransport.test.ts and tlsTransport.test.ts pin it.
    const read = (socket: S, length: number, buffer: Uint8Array, receivedUs: number): boolean => {
      this.bytesRead += length + wire.overheadOf(length);
      this.#throttle.took(socket.slot, length);
      handler.onBytes(socket.slot, buffer, length, receivedUs);
      return true;
    };
    this.#onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      callback(this: S, length: number, buffer: Uint8Array): boolean {
        const receivedUs = clock();
        return read(this, length, buffer, receivedUs);
      },
    };
    const ready = (socket: S): void => {
      this.established(socket);
      handler.connected(socket.slot);
    };
    this.#onReady = function onReady(this: S): void {
      ready(this);
    };
    this.#onError = function onError(this: S, error: Error): void {
      this.failure = error;
    };
    const release = (socket: S): void => this.#release(socket, handler);
    this.#onClose = function onClose(this: S): void {
      release(this);
    };
  }

  abstract readonly tls: TlsParameters | null;

  /** Makes a socket that connects. The kernel chooses the local address: naming one makes it search for a port much longer. */
  protected abstract dial(slot: number, host: string, port: number, onread: OnReadOpts): S;

  /** The socket may be written to. */
  protected abstract established(socket: S): void;

  connect(slot: number, host: string, port: number): void {
    const socket = this.dial(slot, host, port, this.#onread);
    this.#sockets[slot] = socket;
    this.#live++;
    this.#throttle.connected(slot);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    socket.on(this.#wire.ready, this.#onReady);
  }

  write(slot: number, text: string): void {
    this.bytesWritten += text.length + this.#wire.overheadOf(text.length);
    this.#sockets[slot]?.write(text, 'latin1');
  }

  unsentBytes(slot: number): number {
    return this.#sockets[slot]?.writableLength ?? 0;
  }

  end(slot: number, text: string): void {
    this.write(slot, text);
    this.#sockets[slot]?.destroySoon();
  }

  destroy(slot: number): void {
    this.#sockets[slot]?.destroy();
  }

  throttle(slot: number, bytesPerSecond: number | null): void {
    this.#throttle.limit(slot, bytesPerSecond);
  }

  async destroyAll(): Promise<void> {
    this.#throttle.stop();
    if (this.#live === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
    for (const socket of this.#sockets) socket?.destroy();
    await idle;
  }

  #release(socket: S, handler: TransportHandler): void {
    this.#sockets[socket.slot] = undefined;
    this.#live--;
    handler.ended(socket.slot, socket.failure);
    if (this.#live > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
