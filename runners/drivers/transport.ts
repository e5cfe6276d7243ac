import type { ClientSecurity, TlsParameters } from '../../contract/security.ts';
import { TcpTransport } from './tcpTransport.ts';
import { TlsTransport } from './tlsTransport.ts';

/** What a protocol sees of its connections: the seam between it and what carries its bytes. */
export interface TransportHandler {
  /** Bytes may be written now; under TLS the handshake is over. */
  connected(slot: number): void;
  /** `buffer` is shared by all slots and is overwritten after the call. */
  onBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void;
  /** Once per `connect`. `error` is null where either side simply closed. */
  ended(slot: number, error: Error | null): void;
}

/** Connections by slot. */
export interface Transport {
  /** Bytes on the wire, those of TLS records included, of its handshakes not. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Starts connecting. */
  connect(slot: number, host: string, port: number): void;
  /** Writes ASCII or latin1 text. */
  write(slot: number, text: string): void;
  /** Bytes written that the kernel has not taken yet. */
  unsentBytes(slot: number): number;
  /** Writes a last text and ends the connection from this side; `ended` follows. */
  end(slot: number, text: string): void;
  /** Ends a connection from this side; `ended` follows. */
  destroy(slot: number): void;
  /** Destroys all connections; resolves when the last one has ended. */
  destroyAll(): Promise<void>;
  /** The slot reads at most so many bytes per second, over its connections to come as well; null: as fast as it can. */
  throttle(slot: number, bytesPerSecond: number | null): void;
  /** What the first handshake agreed on; null: there was none, or bytes travel in the clear. */
  readonly tls: TlsParameters | null;
}

/** The transport of a fleet, chosen here and nowhere else. */
export function createTransport(
  slots: number,
  security: ClientSecurity | null,
  handler: TransportHandler,
): Transport {
  return security === null ? new TcpTransport(slots, handler) : new TlsTransport(slots, handler, security);
}
