import type { PushEvent, ReplayBuffer, ReplayGap } from '../replay.ts';
import type { FanOut } from './fanOut.ts';
import type { Chunk, Stream, StreamTable } from './streams.ts';

/** Bytes of missed events written before the reader has to take them. */
const CHUNK_BYTES = 65_536;

/** How a protocol writes down what a stream missed. */
export interface CatchUpFraming {
  frame(event: PushEvent): Chunk;
  gapFrame(gap: ReplayGap): Chunk;
}

export interface CatchUpParts<S extends Stream> {
  readonly streams: StreamTable<S>;
  readonly replay: ReplayBuffer;
  readonly fanOut: FanOut<S>;
  readonly framing: CatchUpFraming;
}

/**
 * Gives a stream what it missed, then joins it to its topic.
 * It replays up to the last event that was *fanned out*, not the last accepted: those still waiting for their
 * fan-out reach it live. So each event comes exactly once, with no check per delivery.
 */
export class CatchUp<S extends Stream = Stream> {
  readonly #parts: CatchUpParts<S>;

  constructor(parts: CatchUpParts<S>) {
    this.#parts = parts;
  }

  /** `lastEventId` as the client sent it; null or empty: it has seen nothing and starts with what comes next. */
  join(stream: S, lastEventId: string | null): void {
    if (lastEventId === null || lastEventId === '') {
      this.#parts.streams.topics.add(stream);
      return;
    }
    this.#parts.streams.catchingUp.add(stream);
    this.#step(stream, /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN);
  }

  #step(stream: S, fromId: number): void {
    const { streams, replay, fanOut, framing } = this.#parts;
    let cursor = fromId;
    do {
      const missed = replay.after(cursor, stream.topic, fanOut.deliveredId, CHUNK_BYTES);
      if (missed.gap !== null) {
        streams.counts.gaps++;
        streams.write(stream, framing.gapFrame(missed.gap), 0);
      }
      cursor = missed.cursor;
      for (const event of missed.events) {
        if (streams.flow.fillsUp(stream, event.data.length)) {
          this.#writeLast(stream, event);
          return;
        }
        streams.write(stream, framing.frame(event), 1);
      }
      if (!stream.isOpen) return;
      if (stream.sink.writableNeedDrain) {
        this.#waitForDrain(stream, cursor);
        return;
      }
    } while (cursor < fanOut.deliveredId);
    streams.catchingUp.delete(stream);
    streams.topics.add(stream);
  }

  /** The stream is at its low mark: what it missed goes on once this event is on its way, so that history refuses nobody. */
  #writeLast(stream: S, event: PushEvent): void {
    this.#parts.streams.write(stream, this.#parts.framing.frame(event), 1, () => {
      if (stream.isOpen) this.#step(stream, event.id);
    });
  }

  /** A reader that never drains keeps one chunk and nothing more, until it closes. */
  #waitForDrain(stream: S, cursor: number): void {
    const { sink } = stream;
    const onClose = (): void => this.#parts.streams.free(stream);
    sink.once('close', onClose);
    sink.once('drain', () => {
      sink.removeListener('close', onClose);
      if (stream.isOpen) this.#step(stream, cursor);
    });
  }
}
