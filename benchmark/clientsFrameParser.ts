import { FrameParser, type FrameSink } from '../runners/drivers/ws/frameParser.ts';
import { bestNs, PAYLOADS_BYTES, type ParserFigures } from './clientsParser.ts';

/** Times the frame parser of the lean WebSocket driver alone. About a second. */
export function benchmarkFrameParser(): ParserFigures[] {
  return PAYLOADS_BYTES.map((payloadBytes) => ({
    payloadBytes,
    wholeNs: nsPerMessage(payloadBytes, 1),
    splitNs: nsPerMessage(payloadBytes, 2),
  }));
}

class CountingSink implements FrameSink {
  messages = 0;

  frameMessage(): void {
    this.messages++;
  }
  control(): void {}
  fault(): void {}
  isLive(): boolean {
    return true;
  }
}

function nsPerMessage(payloadBytes: number, reads: 1 | 2): number {
  const parser = new FrameParser(1, new CountingSink());
  const bytes = textFrame(Buffer.alloc(payloadBytes, 'x'));
  const splitAt = reads === 1 ? 0 : bytes.length >> 1;
  return bestNs((i) => {
    if (splitAt > 0) parser.parse(0, bytes, 0, splitAt, i);
    parser.parse(0, bytes, splitAt, bytes.length, i);
  });
}

/** A text frame of up to 65,535 bytes, as a server sends it. */
export function textFrame(data: Uint8Array): Buffer {
  const { length } = data;
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.from(head), data]);
}
