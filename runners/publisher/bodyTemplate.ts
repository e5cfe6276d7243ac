import type { Envelope } from '../../contract/envelope.ts';
import type { PayloadWriter } from './payload.ts';

/** A posted body: the payload, and what stands around it. Taken apart once, so that a message costs copies alone. */
export class BodyTemplate {
  /** What stands between two placeholders: one more than there are of these. */
  readonly #texts: readonly Buffer[];
  readonly #names: readonly string[];
  readonly #fixedBytes: number;
  readonly #topics: number;

  /** @param template text with `{payload}` once; `{topic}` is replaced by each message's topic. */
  constructor(template: string) {
    const parts = template.split(/\{(payload|topic)\}/);
    this.#texts = parts.filter((_, i) => i % 2 === 0).map((text) => Buffer.from(text));
    this.#names = parts.filter((_, i) => i % 2 === 1);
    this.#topics = this.#names.filter((name) => name === 'topic').length;
    this.#fixedBytes = this.#texts.reduce((sum, { length }) => sum + length, 0);
  }

  /** @param topic ASCII */
  bytes(topic: string, payload: PayloadWriter): number {
    return this.#fixedBytes + this.#topics * topic.length + payload.bytes;
  }

  /** Writes the body of one message into `target` at `at`. */
  write(target: Buffer, at: number, topic: string, payload: PayloadWriter, envelope: Envelope): void {
    let to = at;
    for (let i = 0; i < this.#texts.length; i++) {
      to += this.#texts[i].copy(target, to);
      if (this.#names[i] === 'topic') to += target.write(topic, to, 'latin1');
      else if (this.#names[i] === 'payload') {
        payload.write(target, to, envelope);
        to += payload.bytes;
      }
    }
  }
}
