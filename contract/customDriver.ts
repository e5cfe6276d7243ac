/** What a driver of the user's own is asked to open: one client. */
export interface CustomClient {
  /** Address of the target, e.g. `http://127.0.0.1:9000`, as it was given, with its path; placeholders are replaced. */
  readonly url: string;
  /** Number of the client in the whole fleet, from 0. */
  readonly slot: number;
  /** Room that it subscribes to. */
  readonly topic: string;
  /** Line of the tokens file that is this client's; null: there is no such file. */
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the client is to give up connecting. */
  readonly signal: AbortSignal;
  /** Hands over the data of one message as soon as it is there; text or bytes, the payload somewhere in its first kilobyte. */
  message(data: string | Uint8Array): void;
  /** Says that a connection which was open has ended, and why; it is opened again, later, unless `retry` is false. */
  closed(why: string, retry?: boolean): void;
}

/** A client that is subscribed. */
export interface CustomConnection {
  close(): void | Promise<void>;
}

/** Publishes over a protocol of the user's own; without it messages are posted to the target's publish address. */
export interface CustomPublisher {
  /** Resolves once the server has accepted the message; rejects where it refuses it. */
  publish(topic: string, payload: string): Promise<void>;
  close(): void | Promise<void>;
}

/** Default export of a driver module: `export default defineDriver({ … })`. */
export interface CustomDriver {
  /** Opens one client; resolves once it is subscribed, rejects where it is refused. */
  connect(client: CustomClient): Promise<CustomConnection>;
  /** Opens what messages are published by. */
  publisher?(target: Pick<CustomClient, 'url' | 'headers' | 'signal'>): Promise<CustomPublisher>;
}

/** Identity function that gives a driver module its types. */
export function defineDriver(driver: CustomDriver): CustomDriver {
  return driver;
}
