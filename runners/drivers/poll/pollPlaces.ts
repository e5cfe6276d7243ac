import type { ConnectTarget } from '../../../contract/loadDriver.ts';
import { SlotTexts } from './slotTexts.ts';

/** Characters of an entity tag or cursor beyond which it is not kept. */
const MAX_PLACE_CHARACTERS = 1_024;
/** A strong tag of a number, RFC 9110, section 8.8.3. */
const NUMBERED_TAG = /^"(\d+)"$/;
const TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

export interface PollRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * How far each slot has seen, as the server put it: the entity tag of the newest state, or the cursor of a held poll.
 * Kept across connections.
 */
export class PollPlaces {
  readonly #places: SlotTexts;
  readonly #isHeld: boolean;

  constructor(slots: number, isHeld: boolean) {
    this.#places = new SlotTexts(slots);
    this.#isHeld = isHeld;
  }

  /** Whether the slot would ask for what comes after something it saw. */
  has(slot: number): boolean {
    return this.#places.get(slot) !== null;
  }

  /** Takes the place from the headers of an answer that has a state or list; names are in lower case. */
  take(slot: number, fields: ReadonlyMap<string, string>): void {
    if (this.#isHeld) this.#takeCursor(slot, fields.get('x-cursor'));
    else this.#takeTag(slot, fields.get('etag'));
  }

  /** What the slot's next poll asks for, beyond what its target says. Names of headers are in lower case. */
  ask(slot: number, target: ConnectTarget): PollRequest {
    const place = this.#places.get(slot);
    if (place === null) return { path: target.path, headers: ACCEPT };
    if (this.#isHeld) return { path: withCursor(target.path, place), headers: ACCEPT };
    // A number stands for a strong tag without its quotes.
    const tag = place.endsWith('"') ? place : `"${place}"`;
    return { path: target.path, headers: { ...ACCEPT, 'if-none-match': tag } };
  }

  /** Without a cursor the last one stays: an answer that has none, such as an error, moves nothing. */
  #takeCursor(slot: number, cursor: string | undefined): void {
    if (cursor === undefined || cursor === '' || cursor.length > MAX_PLACE_CHARACTERS) return;
    this.#places.set(slot, cursor);
  }

  /** A state without a tag has none to ask by: the last one belongs to an older state. */
  #takeTag(slot: number, tag: string | undefined): void {
    if (tag === undefined || tag.length > MAX_PLACE_CHARACTERS || !TAG.test(tag))
      this.#places.set(slot, null);
    else this.#places.set(slot, NUMBERED_TAG.exec(tag)?.[1] ?? tag);
  }
}

const ACCEPT = { accept: '*/*' };

function withCursor(path: string, cursor: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}
