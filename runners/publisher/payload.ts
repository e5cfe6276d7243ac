import { DIGITS, ENVELOPE_BYTES, type Envelope, writeEnvelope } from '../../contract/envelope.ts';
import { seededRandom } from '../../contract/random.ts';

/** Fills messages: the token, then seeded padding of the same alphabet, so that no encoder has to escape anything. */
export class PayloadWriter {
  readonly bytes: number;
  readonly #padding: Buffer;

  /** @throws RangeError where a payload cannot hold the token. */
  constructor(bytes: number, seed: number) {
    if (bytes < ENVELOPE_BYTES)
      throw new RangeError(`a payload holds at least the ${ENVELOPE_BYTES} bytes of its token, not ${bytes}`);
    this.bytes = bytes;
    const random = seededRandom(seed);
    this.#padding = Buffer.from(
      Array.from({ length: bytes - ENVELOPE_BYTES }, () => DIGITS[Math.floor(random() * DIGITS.length)]).join(
        '',
      ),
      'latin1',
    );
  }

  write(target: Buffer, at: number, envelope: Envelope): void {
    writeEnvelope(target, at, envelope);
    this.#padding.copy(target, at + ENVELOPE_BYTES);
  }
}
