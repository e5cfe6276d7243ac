import { createServer, type Server } from 'node:net';
import type { LinkRoute, LinkStart } from '../../contract/control.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import { seededRandom } from '../../contract/random.ts';
import { bind } from '../../servers/http/listeners.ts';
import { DelayLine } from './delayLine.ts';
import { delaysOf } from './delays.ts';
import { RelayedConnection, type RelayOptions } from './relayedConnection.ts';

const READ_BYTES = 65_536;

/**
 * A slower network: what is sent to one of its addresses arrives at the server behind it after half of the round trip, and
 * the answer after the other half. Bytes are passed on as they are, in order; none is lost.
 * Histograms must have been initialised.
 */
export class Relay {
  readonly #line = new DelayLine();
  readonly #options: RelayOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<RelayedConnection>();

  constructor({ link, seed }: Pick<LinkStart, 'link' | 'seed'>) {
    this.#options = {
      line: this.#line,
      delayUs: delaysOf(link, seededRandom(seed)),
      readBuffer: Buffer.allocUnsafeSlow(READ_BYTES),
    };
  }

  /** @returns where it is reached; @throws BenchError where it cannot listen there */
  listen({ listen, to }: LinkRoute): Promise<Endpoint> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const connection = new RelayedConnection(client, to, this.#options, () =>
        this.#connections.delete(connection),
      );
      this.#connections.add(connection);
    });
    this.#servers.push(server);
    return bind(server, listen);
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** How late things passed since the last time that this was asked, microseconds; `destroy()` frees it. */
  takeLateness(): ReturnType<DelayLine['takeLateness']> {
    return this.#line.takeLateness();
  }

  async stop(): Promise<void> {
    const closed = this.#servers.map(
      (server) =>
        new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve())),
    );
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(closed);
    await this.#line.stop();
  }
}
