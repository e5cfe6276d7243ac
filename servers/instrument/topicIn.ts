/** Topic that a request target names, e.g. `/events?topic=t0`; null: none. */
export function topicIn(target = ''): string | null {
  const query = target.indexOf('?');
  return query < 0 ? null : new URLSearchParams(target.slice(query)).get('topic');
}
