/**
 * What a driver of the user's own is asked to open: one client. The functions may be taken out of it (`const { message } = client`).
 */
export interface CustomClient {
  /** Address of the target with the path, e.g. `http://127.0.0.1:9000/`; placeholders are replaced. */
  readonly url: string;
  /** Number of the client in the whole fleet, from 0. */
  readonly slot: number;
  /** Room that it subscribes to, e.g. `t0`. */
  readonly topic: string;
  /** Line of the tokens file that is this client's; null: there is no such file. */
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the client is to give up connecting: it took too long, or nobody waits for it any more. */
  readonly signal: AbortSignal;
  /**
   * Hands over the data of one message as soon as it is there; text or bytes, the payload somewhere in its first kilobyte.
   * The time of this call is the time of receipt.
   */
  message(data: string | Uint8Array): void;
  /**
   * Says that the connection has ended, or was refused, and why; it is opened again, later, unless `retry` is false. The
   * first word counts.
   */
  closed(why: string, retry?: boolean): void;
}

/** A client that is subscribed. */
export interface CustomConnection {
  /**
   * Called once for each connection, after `closed` as well: nothing of it is left afterwards, nor does it reconnect by
   * itself. A promise is waited for.
   */
  close(): unknown;
}

/** Publishes over a protocol of the user's own; without it messages are posted to the target's publish address. */
export interface CustomPublisher {
  /**
   * Resolves once the server has accepted the message. Rejects where it did not: an error with `refused: true` counts as
   * refused (the server turns messages away for now), any other as failed.
   */
  publish(topic: string, payload: string): Promise<unknown>;
  close(): unknown;
}

/** Where a driver's publisher publishes; `url` is the address of the target without the path. */
export type CustomPublisherTarget = Pick<CustomClient, 'url' | 'headers' | 'signal'>;

/** Default export of a driver module: `export default defineDriver({ … })`. */
export interface CustomDriver {
  /** Opens one client; resolves once it is subscribed, rejects where it is refused. */
  connect(client: CustomClient): Promise<CustomConnection>;
  /** Opens what messages are published by, once for each run. */
  publisher?(target: CustomPublisherTarget): Promise<CustomPublisher>;
}

/** Identity function that gives a driver module its types. */
export function defineDriver(driver: CustomDriver): CustomDriver {
  return driver;
}
