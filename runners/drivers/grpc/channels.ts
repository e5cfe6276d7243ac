import { type ChannelOptions, Client } from '@grpc/grpc-js';
import type { ConnectTarget } from '../../../contract/loadDriver.ts';
import type { ClientSecurity } from '../../../contract/security.ts';
import { authorityOf } from '../requestHead.ts';
import { channelSecurity } from './channelSecurity.ts';

/** Channels share no connections, and the fleet has its own rules for coming back. */
const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 100,
};

/** A channel, and the calls on it: the streams that share a connection. */
export interface Channel {
  readonly key: string;
  readonly client: Client;
  calls: number;
}

/** Channels of grpc-js: one for each group of `streamsPerConnection` slots that go to one address. */
export class Channels {
  readonly #security: ClientSecurity | null;
  readonly #streamsPerConnection: number;
  readonly #channels = new Map<string, Channel>();

  constructor(security: ClientSecurity | null, streamsPerConnection: number) {
    this.#security = security;
    this.#streamsPerConnection = streamsPerConnection;
  }

  get size(): number {
    return this.#channels.size;
  }

  /** The channel of a slot, for one call more. */
  take(slot: number, target: ConnectTarget): Channel {
    const address = authorityOf(target);
    const key = `${Math.floor(slot / this.#streamsPerConnection)} ${address}`;
    const channel = this.#channels.get(key) ?? this.#create(key, address, target.host);
    channel.calls++;
    return channel;
  }

  /** A call is over: the last one takes the channel with it. */
  release(channel: Channel): void {
    channel.calls--;
    if (channel.calls > 0) return;
    this.#channels.delete(channel.key);
    channel.client.close();
  }

  #create(key: string, address: string, host: string): Channel {
    const { credentials, options } = channelSecurity(this.#security, host);
    const client = new Client(address, credentials, { ...CHANNEL_OPTIONS, ...options });
    const channel: Channel = { key, client, calls: 0 };
    this.#channels.set(key, channel);
    return channel;
  }
}
