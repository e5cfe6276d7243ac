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

/**
 * A data frame from a client: a whole message, `head` before `bytes`, masked.
 * @returns the frame byte for byte in latin1
 */
export function dataFrame(opcode: number, head: string, bytes: Uint8Array): string {
  const length = head.length + bytes.length;
  const at = length <= 125 ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + 4 + length);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (at === 2 ? length : at === 4 ? 126 : 127);
  if (at === 4) frame.writeUInt16BE(length, 2);
  if (at === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.writeUInt32BE(Math.floor(Math.random() * 2 ** 32), at);
  const start = at + 4;
  frame.write(head, start, 'latin1');
  frame.set(bytes, start + head.length);
  for (let i = 0; i < length; i++) frame[start + i] ^= frame[at + (i & 3)];
  return frame.toString('latin1');
}

/** The payload of a close frame without a reason. */
export function closePayload(code: number | null): Uint8Array {
  return code === null ? new Uint8Array(0) : Uint8Array.of(code >> 8, code & 255);
}
