/** Where in a Redis the bus of one run lives. */
export interface BusAddress {
  /** As a Redis client takes it: with credentials and database, without our own parameters. */
  readonly url: string;
  /** Without credentials, for messages. */
  readonly shown: string;
  /** Holds the last id given. */
  readonly counterKey: string;
  /** A hash: `run` of Redis in which the epoch began, and `ended`, the last id of the epoch before. */
  readonly epochKey: string;
  readonly streamKey: string;
  readonly messageChannel: string;
  readonly noticeChannel: string;
}

/** Prefix of keys and channels where the URL names none. */
const DEFAULT_PREFIX = 'pushbench';

/** Reads `redis://…/0?prefix=…`. The braces keep all keys of a bus in one slot of a Redis cluster. */
export function busAddress(busUrl: URL): BusAddress {
  const prefix = `{${busUrl.searchParams.get('prefix') ?? DEFAULT_PREFIX}}`;
  const url = new URL(busUrl);
  url.search = '';
  return {
    url: url.href,
    shown: `${url.protocol}//${url.host}${url.pathname}`,
    counterKey: `${prefix}:id`,
    epochKey: `${prefix}:epoch`,
    streamKey: `${prefix}:stream`,
    messageChannel: `${prefix}:messages`,
    noticeChannel: `${prefix}:notices`,
  };
}
