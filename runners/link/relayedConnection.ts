import { connect, type Socket } from 'node:net';
import { nowUs } from '../../contract/clock.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { DelayLine } from './delayLine.ts';
import { Lane } from './lane.ts';

export interface RelayOptions {
  readonly line: DelayLine;
  /** One way, microseconds, anew at each call. */
  readonly delayUs: () => number;
  /** What is read from servers goes through it: one buffer for all connections, since what is kept is copied. */
  readonly readBuffer: Buffer;
}

/** A client's connection and the one to the server behind it, with the delay between them. */
export class RelayedConnection {
  readonly #client: Socket;
  readonly #options: RelayOptions;
  readonly #up: Lane;
  readonly #down: Lane;
  readonly #gone: () => void;
  #server: Socket | null = null;

  /** @param gone both sides have closed */
  constructor(client: Socket, to: Endpoint, options: RelayOptions, gone: () => void) {
    const { line, delayUs } = options;
    this.#client = client;
    this.#options = options;
    this.#gone = gone;
    const acceptedUs = nowUs();
    // The kernel answers a client's SYN at once. Over a real link it would have been answered a round trip later, and nothing
    // that the client says could have set out before: so nothing does.
    const madeUs = acceptedUs + delayUs() + delayUs();
    const server = () => this.#server;
    this.#up = new Lane(line, { source: () => client, sink: server }, delayUs, madeUs);
    this.#down = new Lane(line, { source: server, sink: () => client }, delayUs, madeUs);
    this.#up.follow(acceptedUs, () => this.#open(to));
    client.on('data', (bytes: Buffer) => {
      const atUs = nowUs();
      this.#up.carry(bytes, atUs);
      line.passDue(atUs);
    });
    this.#watch(client, this.#up, server);
  }

  destroy(): void {
    this.#client.destroy();
    this.#server?.destroy();
  }

  #open({ host, port }: Endpoint): void {
    const { line, readBuffer } = this.#options;
    if (this.#client.destroyed) {
      // It came, and went before anybody heard of it.
      this.#gone();
      return;
    }
    const server = connect({
      host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          const atUs = nowUs();
          this.#down.carry(Buffer.from(readBuffer.subarray(0, length)), atUs);
          line.passDue(atUs);
          return true;
        },
      },
    });
    this.#server = server;
    this.#watch(server, this.#down, () => this.#client);
  }

  /** The end of one side, or its failure, is news for the other, and travels as everything does. */
  #watch(side: Socket, outward: Lane, other: () => Socket | null): void {
    side.once('end', () => outward.follow(nowUs(), () => other()?.end()));
    // Whatever the cause (a reset, a refusal, a time-out): the other side is told by a reset.
    side.once('error', () => outward.cut(nowUs(), () => other()?.resetAndDestroy()));
    side.once('close', () => {
      if (this.#client.destroyed && (this.#server?.destroyed ?? false)) this.#gone();
    });
  }
}
