import { type OnReadOpts, Socket } from 'node:net';
import type { Clock } from '../../contract/clock.ts';
import { SocketTransport } from './socketTransport.ts';
import type { TransportHandler } from './transport.ts';

class TcpSlotSocket extends Socket {
  readonly slot: number;
  failure: Error | null = null;

  constructor(slot: number, onread: OnReadOpts) {
    super({ onread, noDelay: true });
    this.slot = slot;
  }
}

/** Plain TCP connections by slot. */
export class TcpTransport extends SocketTransport<TcpSlotSocket> {
  readonly tls = null;

  constructor(slots: number, handler: TransportHandler, clock?: Clock) {
    super(slots, handler, { ready: 'connect', overheadOf: () => 0 }, clock);
  }

  protected dial(slot: number, host: string, port: number, onread: OnReadOpts): TcpSlotSocket {
    const socket = new TcpSlotSocket(slot, onread);
    socket.connect({ host, port }, undefined);
    return socket;
  }

  protected established(): void {}
}
