import type { Writable } from 'node:stream';
import type { Refusal } from '../flow/refusal.ts';
import type { Stream } from '../node/streams.ts';
import { refusedFrame } from './frames.ts';

/** One event stream. */
export class SseStream implements Stream {
  readonly sink: Writable;
  readonly topic: string;
  timer: NodeJS.Timeout | null = null;
  isOpen = true;
  handedMessages = 0;
  handedBytes = 0;
  isStalled = false;

  constructor(sink: Writable, topic: string) {
    this.sink = sink;
    this.topic = topic;
  }

  /** The client comes back by itself, with its last id, after the time that it is told here. */
  refuse(refusal: Refusal): void {
    this.sink.end(refusedFrame(refusal));
  }
}
