/** A slower network between clients and servers, made by a relay of the harness. Loss is not emulated. */
export interface LinkSpec {
  /** Round-trip time that the relay adds, milliseconds: half of it each way. */
  readonly rttMs: number;
  /** The round trip varies by up to this much to each side, milliseconds; at most `rttMs`. Each way has half of it, uniformly. */
  readonly jitterMs: number;
}
