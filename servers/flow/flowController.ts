import type { Writable } from 'node:stream';
import type { FlowLimits } from '../../contract/flow.ts';
import { flowRefusal, type Level, type Refusal } from './refusal.ts';

/** A subscriber as flow control sees it. The numbers stand on the subscriber itself: no entry elsewhere, nothing allocated. */
export interface FlowSubject {
  readonly sink: Pick<Writable, 'writableLength' | 'writableObjectMode'>;
  /** Handed to the sink since it was last empty. */
  handedMessages: number;
  handedBytes: number;
  /** The sink said that it is full, and has not been empty since. */
  isStalled: boolean;
}

/** What a new subscriber starts with. */
export const NOTHING_HANDED = { handedMessages: 0, handedBytes: 0, isStalled: false } as const;

/**
 * Water marks for what is under way, to each subscriber and to all of a node.
 *
 * The level of a subscriber is what its sink holds: handed over, and not taken by the socket. A sink counts either bytes or,
 * in object mode, messages; the other of the two follows in proportion to what was handed over since it was last empty, which
 * is exact where messages are of one size.
 */
export class FlowController {
  readonly limits: FlowLimits;
  peakConnectionMessages = 0;
  peakConnectionBytes = 0;
  stalls = 0;
  readonly #highMessages: number;
  readonly #highBytes: number;
  /** Of the subject that was asked about last: it is written to next. */
  #lengthBefore = 0;
  #isServerFull = false;

  constructor(limits: FlowLimits) {
    this.limits = limits;
    this.#highMessages = limits.connectionMessages.high;
    this.#highBytes = limits.connectionBytes.high;
  }

  /** To be asked right before each write. @returns false where the subscriber is above a mark */
  mayWrite(subject: FlowSubject): boolean {
    const length = subject.sink.writableLength;
    this.#lengthBefore = length;
    if (length === 0) {
      subject.handedMessages = 0;
      subject.handedBytes = 0;
      subject.isStalled = false;
      return true;
    }
    if (subject.sink.writableObjectMode) {
      return length <= this.#highMessages && bytesOf(subject, length) <= this.#highBytes;
    }
    return length <= this.#highBytes && messagesOf(subject, length) <= this.#highMessages;
  }

  /** To be told right after the write that `mayWrite` allowed; `bytes` matters for sinks in object mode only. */
  wrote(subject: FlowSubject, messages: number, bytes: number): void {
    const { writableLength: length, writableObjectMode: countsMessages } = subject.sink;
    const grown = length - this.#lengthBefore;
    // The socket took it at once.
    if (grown <= 0) return;
    subject.handedMessages += countsMessages ? grown : messages;
    subject.handedBytes += countsMessages ? bytes : grown;
    const levelMessages = countsMessages ? length : messagesOf(subject, length);
    const levelBytes = countsMessages ? bytesOf(subject, length) : length;
    if (levelMessages > this.peakConnectionMessages) this.peakConnectionMessages = levelMessages;
    if (levelBytes > this.peakConnectionBytes) this.peakConnectionBytes = levelBytes;
  }

  /**
   * The sink took a write and said that it is full. One that was empty before it may just be larger than what a sink takes,
   * or held back until the end of the tick: that is no stall.
   */
  stalled(subject: FlowSubject): void {
    if (subject.isStalled || this.#lengthBefore === 0) return;
    subject.isStalled = true;
    this.stalls++;
  }

  /** True where the next message, of `nextBytes`, brings a subscriber to its low mark: what it missed is given to it no faster. */
  fillsUp(subject: FlowSubject, nextBytes: number): boolean {
    const { messages, bytes } = this.levelOf(subject);
    const { connectionMessages, connectionBytes } = this.limits;
    return messages + 1 >= connectionMessages.low || bytes + nextBytes >= connectionBytes.low;
  }

  levelOf(subject: FlowSubject): Level {
    const { writableLength: length, writableObjectMode: countsMessages } = subject.sink;
    if (length === 0) return { messages: 0, bytes: 0 };
    return countsMessages
      ? { messages: length, bytes: bytesOf(subject, length) }
      : { messages: messagesOf(subject, length), bytes: length };
  }

  /** Whether publishes are refused at this level of the node: from above a high mark until both levels are down at the low ones. */
  isServerFull({ messages, bytes }: Level): boolean {
    const { serverMessages, serverBytes } = this.limits;
    this.#isServerFull = this.#isServerFull
      ? messages > serverMessages.low || bytes > serverBytes.low
      : this.isAboveServerMark({ messages, bytes });
    return this.#isServerFull;
  }

  isAboveServerMark({ messages, bytes }: Level): boolean {
    const { serverMessages, serverBytes } = this.limits;
    return messages > serverMessages.high || bytes > serverBytes.high;
  }

  refusalOf(subject: FlowSubject): Refusal {
    return flowRefusal('connection', this.levelOf(subject), this.limits);
  }

  serverRefusal(level: Level): Refusal {
    return flowRefusal('server', level, this.limits);
  }
}

/** Of a sink that counts bytes. What stood in it before the first message, such as a head, is no message. */
function messagesOf({ handedMessages, handedBytes }: FlowSubject, length: number): number {
  if (length >= handedBytes) return handedMessages;
  return Math.ceil((handedMessages * length) / handedBytes);
}

/** Of a sink that counts messages. */
function bytesOf({ handedMessages, handedBytes }: FlowSubject, length: number): number {
  if (length >= handedMessages) return handedBytes;
  return Math.ceil((handedBytes * length) / handedMessages);
}
