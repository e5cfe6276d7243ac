const NOBODY: ReadonlySet<never> = new Set();

/** Subscribers by topic. Adding and removing is O(1); a topic is walked in the order of subscription. */
export class Topics<S extends { readonly topic: string }> {
  readonly #byTopic = new Map<string, Set<S>>();

  add(subscriber: S): void {
    const subscribers = this.#byTopic.get(subscriber.topic);
    if (subscribers === undefined) this.#byTopic.set(subscriber.topic, new Set([subscriber]));
    else subscribers.add(subscriber);
  }

  remove(subscriber: S): void {
    const subscribers = this.#byTopic.get(subscriber.topic);
    if (!subscribers?.delete(subscriber)) return;
    if (subscribers.size === 0) this.#byTopic.delete(subscriber.topic);
  }

  /** Live view: subscribers may be removed while it is walked. */
  of(topic: string): ReadonlySet<S> {
    return this.#byTopic.get(topic) ?? NOBODY;
  }

  get topicCount(): number {
    return this.#byTopic.size;
  }

  /** Everybody, topic by topic. */
  *all(): Generator<S, void, undefined> {
    for (const subscribers of this.#byTopic.values()) yield* subscribers;
  }
}

/** A topic is 1 to 128 visible ASCII characters: it stands in a header, a URL and a batch record. */
const TOPIC = /^[!-~]{1,128}$/;
export const TOPIC_RULE = 'a topic is 1 to 128 visible ASCII characters without spaces';

export function isTopic(name: string): boolean {
  return TOPIC.test(name);
}
