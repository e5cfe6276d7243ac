import { nowUs } from '../../../contract/clock.ts';
import type { CustomClient, CustomConnection, CustomDriver } from '../../../contract/customDriver.ts';
import { findMarker } from '../../../contract/envelope.ts';
import { messageOf } from '../../../contract/errors.ts';
import type {
  CloseDetail,
  ConnectTarget,
  CustomDriverOptions,
  DriverCounters,
  DriverOptions,
  LoadDriver,
} from '../../../contract/loadDriver.ts';
import { secretsIn } from '../../fleet/hideSecrets.ts';
import { type Attempt, Attempts } from '../attempts.ts';
import { CLOSED_BY_CLIENT } from '../closeReason.ts';
import { authorityOf } from '../requestHead.ts';
import { closeWithin } from './closeWithin.ts';
import { loadCustomDriver } from './loadCustomDriver.ts';
import { refusalOf, withoutSecrets } from './refusal.ts';
import { owning } from './strayErrors.ts';

/** Of a message that are searched for the payload. */
const SEARCH_BYTES = 1_024;

/** One client of the user's driver, from `open` to `closed`. */
interface ClientAttempt extends Attempt {
  readonly abort: AbortController;
  /** What its errors may repeat and nobody is to see. */
  readonly secrets: readonly string[];
  connection: CustomConnection | null;
  /** Why it ends; the first word counts. */
  ending: CloseDetail | null;
}

/**
 * Clients that a driver of the user's own opens. It may throw, hang, call twice or too late: every client still ends once,
 * with a word about why, and the worker goes on.
 */
export class CustomClients implements LoadDriver {
  readonly kind = 'lean';
  readonly #options: DriverOptions;
  readonly #custom: CustomDriverOptions;
  readonly #driver: CustomDriver;
  readonly #attempts: Attempts<ClientAttempt>;
  /** Connections that came when their client had been given up, while they close. */
  readonly #late = new Set<Promise<unknown>>();
  /** The start of each text, written over by the next one. */
  readonly #scratch = Buffer.allocUnsafe(SEARCH_BYTES);

  constructor(options: DriverOptions, custom: CustomDriverOptions, driver: CustomDriver) {
    this.#options = options;
    this.#custom = custom;
    this.#driver = driver;
    this.#attempts = new Attempts(options);
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    const target = this.#attempts.admit(slot);
    const token = this.#custom.tokenOf(slot);
    const attempt: ClientAttempt = {
      slot,
      abort: new AbortController(),
      secrets: [...(token === null ? [] : [token]), ...secretsIn(target.headers)],
      connection: null,
      ending: null,
      timer: this.#attempts.deadline(() => this.#end(attempt, notInTime(this.#options))),
    };
    this.#attempts.add(attempt);
    owning(
      (error) => this.#end(attempt, refusalOf(error, attempt.secrets)),
      () => void this.#connect(attempt, this.#clientOf(attempt, target, token)),
    );
  }

  #clientOf(attempt: ClientAttempt, target: ConnectTarget, token: string | null): CustomClient {
    const { slot, secrets } = attempt;
    const { protocol: scheme } = new URL(this.#custom.url);
    return {
      // Not as it was given: a relay may stand before it.
      url: `${scheme}//${authorityOf(target)}${target.path}`,
      slot: this.#custom.firstSlot + slot,
      topic: this.#custom.topicOf(slot),
      token,
      headers: target.headers,
      signal: attempt.abort.signal,
      message: (data) => this.#message(attempt, data),
      closed: (why, retry = true) => {
        const detail = withoutSecrets(String(why), secrets);
        this.#end(attempt, { reason: 'closed-by-server', detail, retryable: retry });
      },
    };
  }

  async #connect(attempt: ClientAttempt, client: CustomClient): Promise<void> {
    try {
      const connection = await this.#driver.connect(client);
      if (typeof connection?.close !== 'function')
        throw new NotAsAgreed('connect() resolved without a `close`');
      this.#opened(attempt, connection, nowUs());
    } catch (error) {
      this.#end(attempt, error instanceof NotAsAgreed ? error.detail : refusalOf(error, attempt.secrets));
    }
  }

  #opened(attempt: ClientAttempt, connection: CustomConnection, atUs: number): void {
    if (attempt.ending !== null) {
      const closing = closeWithin(connection);
      this.#late.add(closing);
      void closing.then(() => this.#late.delete(closing));
      return;
    }
    attempt.connection = connection;
    this.#attempts.disarm(attempt);
    this.#options.events.opened(attempt.slot, atUs);
  }

  #message(attempt: ClientAttempt, data: unknown): void {
    const receivedUs = nowUs();
    if (attempt.ending !== null) return;
    if (typeof data === 'string') {
      const length = this.#scratch.write(data, 0, SEARCH_BYTES, 'latin1');
      this.#told(attempt.slot, this.#scratch, length, receivedUs);
    } else if (data instanceof Uint8Array) {
      this.#told(attempt.slot, data, data.length, receivedUs);
    } else {
      this.#end(attempt, new NotAsAgreed(`message() takes text or bytes, not ${typeof data}`).detail);
    }
  }

  /** Whoever reads it looks at fewer bytes than a driver may put before the payload. */
  #told(slot: number, bytes: Uint8Array, length: number, receivedUs: number): void {
    const at = findMarker(bytes, 0, Math.min(length, SEARCH_BYTES));
    this.#options.events.message(slot, bytes, Math.max(0, at), length, receivedUs);
  }

  close(slot: number): void {
    const attempt = this.#attempts.get(slot);
    if (attempt !== undefined) this.#end(attempt, CLOSED_BY_CLIENT);
  }

  #end(attempt: ClientAttempt, detail: CloseDetail): void {
    if (attempt.ending !== null) return;
    attempt.ending = detail;
    this.#attempts.disarm(attempt);
    void this.#finish(attempt, detail);
  }

  async #finish(attempt: ClientAttempt, detail: CloseDetail): Promise<void> {
    // Later than `open` at any rate: the fleet has not booked the attempt before that returns.
    await null;
    if (attempt.connection === null) attempt.abort.abort();
    const fault = attempt.connection === null ? null : await closeWithin(attempt.connection);
    // Many a library throws when what is gone is closed: why it went tells more.
    this.#attempts.closed(attempt, detail === CLOSED_BY_CLIENT ? (fault ?? detail) : detail);
  }

  /** What a library of the user's reads and writes is not seen. */
  counters(): DriverCounters {
    return this.#attempts.counters();
  }

  async stop(): Promise<void> {
    await this.#attempts.stop((slot) => this.close(slot));
    await Promise.all(this.#late);
  }
}

/** The module did not keep to the contract: the same again would come of trying again. */
class NotAsAgreed extends Error {
  get detail(): CloseDetail {
    return { reason: 'bad-protocol', detail: `driver: ${messageOf(this)}`, retryable: false };
  }
}

function notInTime({ connectTimeoutMs }: DriverOptions): CloseDetail {
  return { reason: 'timeout', detail: `not subscribed within ${connectTimeoutMs} ms`, retryable: true };
}

/** @throws UsageError where the module is no driver */
export async function createCustomClients(options: DriverOptions): Promise<LoadDriver> {
  if (options.custom === null) throw new Error('protocol custom without a driver module');
  return new CustomClients(options, options.custom, await loadCustomDriver(options.custom.module));
}
