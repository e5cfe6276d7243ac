import { createClient, RESP_TYPES } from '@redis/client';
import { BenchError, EXIT, messageOf } from '../../../contract/errors.ts';
import { backOffMs } from '../backOff.ts';
import type { BusAddress } from './busAddress.ts';

/** Commands without an answer: beyond them further ones are refused rather than kept. */
const MAX_COMMANDS = 10_000;
const CONNECT_MS = 5_000;
/** Bodies are bytes, not text. */
const AS_BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } as const;

function newClient(url: string, reconnectStrategy: (retries: number, cause: Error) => number | Error) {
  return createClient({
    url,
    // RESP2, which Redis 5 speaks too.
    RESP: 2,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_COMMANDS,
    socket: { reconnectStrategy, connectTimeout: CONNECT_MS },
  });
}

export interface LinkListener {
  /** The connection is there, for the first time or again; subscriptions are made again by then. */
  up(): void;
  down(): void;
}

/** One connection to Redis, made again with back-off whenever it is lost. */
export class RedisLink {
  readonly #client: ReturnType<typeof newClient>;
  readonly #address: BusAddress;
  #wasUp = false;
  #isUp = false;

  constructor(address: BusAddress, { up, down }: LinkListener) {
    this.#address = address;
    // A server that was never there is a wrong address; one that went away comes back.
    this.#client = newClient(address.url, (retries, cause) => (this.#wasUp ? backOffMs(retries) : cause));
    this.#client.on('ready', () => {
      this.#wasUp = true;
      this.#isUp = true;
      up();
    });
    // Each failed attempt is told here too; what it means to the bus is that there is no connection.
    this.#client.on('error', () => {
      if (!this.#isUp || this.#client.isReady) return;
      this.#isUp = false;
      down();
    });
  }

  get isUp(): boolean {
    return this.#isUp && this.#client.isReady;
  }

  /** @throws BenchError naming the address, without credentials, and what Redis said. */
  async connect(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (error) {
      throw new BenchError(`cannot use the Redis at ${this.#address.shown}: ${messageOf(error)}`, {
        exitCode: EXIT.systemUnderTest,
        hint: 'redis-cli -u URL ping tells whether it runs, and whether the password is right.',
        cause: error,
      });
    }
  }

  /** Sends a command; bulk strings come back as bytes. Rejects at once while there is no connection. */
  command(...words: readonly (string | Buffer)[]): Promise<unknown> {
    return this.#client.sendCommand([...words], AS_BYTES);
  }

  subscribe(channel: string, listener: (bytes: Buffer) => void): Promise<void> {
    return this.#client.subscribe(channel, shielded(listener), true);
  }

  stop(): void {
    this.#isUp = false;
    if (this.#client.isOpen) this.#client.destroy();
  }
}

/** Thrown inside the client's parser an error would cost the rest of what is being parsed, and be told to nobody. */
function shielded(listener: (bytes: Buffer) => void): (bytes: Buffer) => void {
  return (bytes) => {
    try {
      listener(bytes);
    } catch (error) {
      // Bytes that are none of ours say nothing to us; any other error must be seen.
      if (error instanceof RangeError) return;
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}
