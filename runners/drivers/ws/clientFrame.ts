/** First byte of a frame: FIN and the opcode. */
const FINAL = 0x80;
const MASKED = 0x80;

/**
 * A control frame from a client, masked as the standard wants it of every client (RFC 6455, section 5.3).
 * The mask need not be unpredictable here: it protects intermediaries from what a page's author chose, and we send no such thing.
 * @param payload at most 125 bytes
 * @returns the frame byte for byte in latin1
 */
export function controlFrame(opcode: number, payload: Uint8Array): string {
  const mask = Math.floor(Math.random() * 2 ** 32);
  const key = [mask >>> 24, (mask >>> 16) & 255, (mask >>> 8) & 255, mask & 255];
  const masked = payload.map((byte, i) => byte ^ key[i % 4]);
  return String.fromCharCode(FINAL | opcode, MASKED | payload.length, ...key, ...masked);
}

/** The payload of a close frame without a reason. */
export function closePayload(code: number | null): Uint8Array {
  return code === null ? new Uint8Array(0) : Uint8Array.of(code >> 8, code & 255);
}
