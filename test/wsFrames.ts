import { createHash } from 'node:crypto';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** How a frame departs from the plain one. */
export interface FrameShape {
  /** @default true */
  readonly final?: boolean;
  /** Reserved bits, 0 to 7. @default 0 */
  readonly reserved?: number;
  /** Width of the length field in bits, 7, 16 or 64. @default the shortest */
  readonly width?: 7 | 16 | 64;
  /** Sets the mask bit and masks with zeroes. @default false */
  readonly masked?: boolean;
  /** Length told instead of the payload's own. */
  readonly told?: number;
}

/** One frame of a server, byte for byte in latin1; made here, so that a driver is not tested with its own code. */
export function frame(opcode: number, payload = '', shape: FrameShape = {}): string {
  const { final = true, reserved = 0, masked = false, told = payload.length } = shape;
  const width = shape.width ?? (told < 126 ? 7 : told < 65_536 ? 16 : 64);
  const head = Buffer.alloc(width === 7 ? 2 : width === 16 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (width === 7 ? told : width === 16 ? 126 : 127);
  if (width === 16) head.writeUInt16BE(told, 2);
  if (width === 64) head.writeBigUInt64BE(BigInt(told), 2);
  return head.toString('latin1') + (masked ? '\0\0\0\0' : '') + payload;
}

export const text = (payload: string, shape?: FrameShape): string => frame(1, payload, shape);
export const more = (payload: string, shape?: FrameShape): string => frame(0, payload, shape);

export function closeFrame(code: number, reason = ''): string {
  return frame(8, String.fromCharCode(code >> 8, code & 255) + reason);
}

/** The head of the answer that accepts a WebSocket; another key's where the request has none. */
export function acceptHead(request: string, extra = ''): string {
  const key = /\r\nsec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? 'x'.repeat(24);
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
  return `${head}Sec-WebSocket-Accept: ${accept}\r\n${extra}\r\n`;
}

export interface ClientFrame {
  readonly opcode: number;
  readonly final: boolean;
  readonly masked: boolean;
  /** Unmasked, latin1. */
  readonly payload: string;
}

/** Reads the frames that a client sent, all of whole length. @throws Error where the last one is cut off. */
export function clientFrames(sent: string): ClientFrame[] {
  const bytes = Buffer.from(sent, 'latin1');
  const frames: ClientFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const masked = bytes[at + 1] >= 0x80;
    const length = bytes[at + 1] & 127;
    const payloadAt = at + (masked ? 6 : 2);
    const end = payloadAt + length;
    if (length > 125 || end > bytes.length) throw new Error(`no whole small frame at byte ${at}`);
    const payload = bytes.subarray(payloadAt, end);
    if (masked) for (let i = 0; i < length; i++) payload[i] ^= bytes[at + 2 + (i % 4)];
    frames.push({
      opcode: bytes[at] & 15,
      final: bytes[at] >= 0x80,
      masked,
      payload: payload.toString('latin1'),
    });
    at = end;
  }
  return frames;
}
