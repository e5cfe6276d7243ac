import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Identity } from '../../contract/security.ts';
import { type Gate, type Peer, SPIFFE_HEADER } from '../security/gate.ts';
import { metadataTooLarge, saidNothing, unauthenticated, unavailable } from './statuses.ts';

type Listener = Parameters<ServerInterceptingCall['start']>[0];
type PartialStatus = Parameters<ServerInterceptingCall['sendStatus']>[0];
/** Both ends of the connection that a call came on. */
export type ConnectionEnds = ReturnType<ServerInterceptingCallInterface['getConnectionInfo']>;

/** Probes ask without a token, as they ask /healthz: whether a server is well is no secret among those whom TLS let in. */
const OPEN_TO_ALL = '/grpc.health.v1.Health/';

export interface AdmissionParts {
  /** null: everybody is let in. */
  readonly gate: Gate | null;
  readonly peerOf: (ends: ConnectionEnds) => Peer;
  /** Bytes of names and values that a call may bring along. */
  readonly maxMetadataBytes: number;
  /** Time until a call has said what it wants, milliseconds. */
  readonly messageTimeoutMs: number;
}

/** The call that a handler got this metadata with. */
const CALLS = new WeakMap<Metadata, AdmittedCall>();

/**
 * A call on its way to its handler, and the way to end it without waiting for what is still to be written. First the peer's
 * certificate is judged, then its token; what was verified is here for the handler.
 */
export class AdmittedCall extends ServerInterceptingCall {
  /** null: this server asks nobody who they are. */
  identity: Identity | null = null;
  readonly #parts: AdmissionParts;
  readonly #gate: Gate | null;
  /** Until its first message is here: nobody counts or bounds it before. */
  #silent: NodeJS.Timeout | null = null;
  #isCancelled = false;

  constructor(nextCall: ServerInterceptingCallInterface, parts: AdmissionParts, gate: Gate | null) {
    super(nextCall);
    this.#parts = parts;
    this.#gate = gate;
  }

  /** True where the token that it came with has ended since: what it asks for only now comes too late. */
  get isExpired(): boolean {
    return this.identity !== null && this.identity.expiresMs <= Date.now();
  }

  override start(listener: Listener): void {
    const timeoutMs = this.#parts.messageTimeoutMs;
    this.#silent = setTimeout(() => this.sendStatus(saidNothing(timeoutMs)), timeoutMs).unref();
    super.start({
      onReceiveMetadata: (metadata) => this.#admit(metadata, listener),
      onReceiveMessage: (message) => {
        this.#heard();
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => {
        this.#heard();
        this.#isCancelled = true;
        listener.onCancel();
      },
    });
  }

  override sendStatus(status: PartialStatus): void {
    this.#heard();
    super.sendStatus(status);
  }

  #heard(): void {
    if (this.#silent !== null) clearTimeout(this.#silent);
    this.#silent = null;
  }

  #admit(metadata: Metadata, listener: Listener): void {
    const bytes = bytesOf(metadata);
    if (bytes > this.#parts.maxMetadataBytes) {
      this.sendStatus(metadataTooLarge(bytes, this.#parts.maxMetadataBytes));
    } else if (this.#gate === null) this.#pass(metadata, listener);
    else void this.#ask(this.#gate, metadata, listener);
  }

  /** Never rejects, as a gate does not. */
  async #ask(gate: Gate, metadata: Metadata, listener: Listener): Promise<void> {
    const named = metadata.get(SPIFFE_HEADER).map(String);
    const admission = await gate.admit(this.#parts.peerOf(this.getConnectionInfo()), {
      authorization: metadata.get('authorization').map(String)[0],
      [SPIFFE_HEADER]: named.length > 1 ? named : named[0],
    });
    // A client that has gone meanwhile is no longer told of: nobody would ever free what its handler opens.
    if (this.#isCancelled) return;
    if (admission.state === 'admitted') {
      this.identity = admission.identity;
      this.#pass(metadata, listener);
    } else {
      const details = `no valid identity: ${admission.reason}`;
      this.sendStatus(admission.status === 401 ? unauthenticated(details) : unavailable(details));
    }
  }

  #pass(metadata: Metadata, listener: Listener): void {
    CALLS.set(metadata, this);
    listener.onReceiveMetadata(metadata);
  }
}

export function admission(parts: AdmissionParts): ServerInterceptor {
  return ({ path }, nextCall) =>
    new AdmittedCall(nextCall, parts, path.startsWith(OPEN_TO_ALL) ? null : parts.gate);
}

/** For a handler, once: which call it serves. */
export function takeCall(metadata: Metadata): AdmittedCall {
  const call = CALLS.get(metadata);
  if (call === undefined) throw new Error('a call reached its handler past the admission');
  CALLS.delete(metadata);
  return call;
}

function bytesOf(metadata: Metadata): number {
  let bytes = 0;
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    for (const value of values) bytes += key.length + value.length;
  }
  return bytes;
}
