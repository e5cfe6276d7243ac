import type { ServerOptions } from '../../contract/pushServer.ts';
import type { StreamTable } from '../node/streams.ts';
import type { Connection } from './connection.ts';
import { PING_FRAME } from './frames.ts';

/** Connections visited before events get their turn: 256 writes are about 2 ms. */
const SLICE_CONNECTIONS = 256;

/**
 * Finds dead peers: a round of pings to all, and some time later a look at who has not answered.
 * Two timers for all connections together; a round is cut into slices, so that it delays no event by its length.
 */
export class Pings {
  readonly #streams: StreamTable<Connection>;
  readonly #pingMs: number;
  readonly #pongTimeoutMs: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #slices = new Set<NodeJS.Immediate>();
  #interval: NodeJS.Timeout | null = null;
  #isPinging = false;
  #round = 0;

  constructor(
    streams: StreamTable<Connection>,
    { pingMs, pongTimeoutMs }: Pick<ServerOptions, 'pingMs' | 'pongTimeoutMs'>,
  ) {
    this.#streams = streams;
    this.#pingMs = pingMs;
    this.#pongTimeoutMs = pongTimeoutMs;
  }

  start(): void {
    this.#interval = setInterval(() => {
      // A round that is still going on stands for this one.
      if (!this.#isPinging) this.#ping(++this.#round);
    }, this.#pingMs);
  }

  stop(): void {
    if (this.#interval !== null) clearInterval(this.#interval);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const slice of this.#slices) clearImmediate(slice);
    this.#timers.clear();
    this.#slices.clear();
  }

  #ping(round: number): void {
    this.#isPinging = true;
    const pingOne = (connection: Connection): void => {
      connection.received = 0;
      connection.said = 0;
      // Whoever still owes an answer is judged by the round that asked for it.
      if (connection.awaitedRound !== 0) return;
      connection.awaitedRound = round;
      this.#streams.write(connection, PING_FRAME, 0);
    };
    this.#walk(this.#everybody(), pingOne, () => {
      this.#isPinging = false;
      this.#later(() => this.#evict(round));
    });
  }

  #evict(round: number): void {
    const evictSilent = (connection: Connection): void => {
      if (connection.awaitedRound === 0 || connection.awaitedRound > round) return;
      this.#streams.counts.evicted++;
      connection.terminate();
      this.#streams.free(connection);
    };
    this.#walk(this.#everybody(), evictSilent, () => {});
  }

  *#everybody(): Generator<Connection, void, undefined> {
    yield* this.#streams.topics.all();
    yield* this.#streams.catchingUp;
  }

  #walk(
    rest: Iterator<Connection, void, undefined>,
    visit: (each: Connection) => void,
    done: () => void,
  ): void {
    for (let i = 0; i < SLICE_CONNECTIONS; i++) {
      const { value } = rest.next();
      if (value === undefined) {
        done();
        return;
      }
      visit(value);
    }
    this.#nextTurn(() => this.#walk(rest, visit, done));
  }

  #nextTurn(work: () => void): void {
    const slice = setImmediate(() => {
      this.#slices.delete(slice);
      work();
    });
    this.#slices.add(slice);
  }

  /** When the time for an answer is over. */
  #later(work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // Where this process stood still, answers wait to be read: they are, before anybody is judged.
      this.#nextTurn(work);
    }, this.#pongTimeoutMs);
    this.#timers.add(timer);
  }
}
