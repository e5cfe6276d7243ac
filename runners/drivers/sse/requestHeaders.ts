/** Headers of an event-stream request, names in lower case. */
export function requestHeaders(lastId: string | null): Record<string, string> {
  const headers = { accept: 'text/event-stream', 'cache-control': 'no-cache' };
  return lastId === null ? headers : { ...headers, 'last-event-id': lastId };
}
