import type { InstrumentSpec } from '../../contract/knownAnswer.ts';
import type { BatchRecord } from '../http/batch.ts';
import { Burner } from './burner.ts';
import { DelayLine } from './delayLine.ts';
import { Course } from './fates.ts';

export type Message = BatchRecord;

/** A subscriber, whatever its protocol. */
export interface Listener {
  readonly topic: string;
  /** Writes them, in this order. */
  tell(messages: readonly Message[]): void;
}

/** Everybody who is subscribed, and what is done wrong to them. */
export class Audience {
  published = 0;
  accepted = 0;
  written = 0;
  readonly spec: InstrumentSpec;
  readonly #courses = new Map<Listener, Course<Message>>();
  readonly #byTopic = new Map<string, Set<Listener>>();
  readonly #line: DelayLine<Message>;
  readonly #burner = new Burner();
  /** Never given back. */
  readonly #leaked: Buffer[] = [];

  constructor(spec: InstrumentSpec) {
    this.spec = spec;
    this.#line = new DelayLine(spec.delayMs, (message) => this.#deliver(message));
  }

  get size(): number {
    return this.#courses.size;
  }

  /** @param course what becomes of the messages to it, by position: what was asked for, unless its protocol shows states */
  join(listener: Listener, course: InstrumentSpec = this.spec): void {
    this.#courses.set(listener, new Course(course, this.accepted++));
    const others = this.#byTopic.get(listener.topic);
    if (others === undefined) this.#byTopic.set(listener.topic, new Set([listener]));
    else others.add(listener);
    // Filled, so that every page of it is really there.
    if (this.spec.leakBytes > 0) this.#leaked.push(Buffer.alloc(this.spec.leakBytes, 1));
  }

  leave(listener: Listener): void {
    this.#courses.delete(listener);
    this.#byTopic.get(listener.topic)?.delete(listener);
  }

  publish(message: Message): void {
    this.published++;
    this.#line.put(message);
  }

  stop(): void {
    this.#line.stop();
  }

  #deliver(message: Message): void {
    for (const listener of this.#byTopic.get(message.topic) ?? []) {
      const messages = this.#courses.get(listener)?.next(message) ?? [];
      if (this.spec.burnUs > 0) this.#burner.burn(this.spec.burnUs * messages.length);
      this.written += messages.length;
      if (messages.length > 0) listener.tell(messages);
    }
  }
}
