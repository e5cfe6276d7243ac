import type { ConnectTarget } from '../../contract/loadDriver.ts';

/** What stands for one client in paths and headers of a user's own server. */
export interface ClientValues {
  readonly topic: string;
  /** In the whole fleet, from 0. */
  readonly slot: number;
  /** null: there are none, and no `{token}` either. */
  readonly token: string | null;
}

/** What a client asks for. */
export type ClientRequest = Pick<ConnectTarget, 'path' | 'headers'>;

/**
 * Takes path and headers apart at `{topic}`, `{slot}` and `{token}` once, so that only what differs is made for each client.
 * In a path what they stand for is percent-encoded.
 */
export function clientRequests({ path, headers }: ClientRequest): (values: ClientValues) => ClientRequest {
  const pathOf = filler(path, encodeURIComponent);
  const fields = Object.entries(headers).map(([name, value]) => ({ name, of: filler(value, String) }));
  const isPlain = fields.every(({ of }) => of === null);
  return (values) => ({
    path: pathOf?.(values) ?? path,
    headers: isPlain
      ? headers
      : Object.fromEntries(fields.map(({ name, of }) => [name, of?.(values) ?? headers[name]])),
  });
}

type Filler = (values: ClientValues) => string;

/** null: the text has no placeholders. */
function filler(text: string, encode: (value: string) => string): Filler | null {
  const parts = text.split(/\{(topic|slot|token)\}/);
  if (parts.length === 1) return null;
  return (values) => parts.map((part, i) => (i % 2 === 0 ? part : encode(standsFor(values, part)))).join('');
}

function standsFor({ topic, slot, token }: ClientValues, name: string): string {
  if (name === 'topic') return topic;
  if (name === 'slot') return String(slot);
  if (token === null) throw new Error('{token} without tokens');
  return token;
}
