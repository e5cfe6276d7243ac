import { Client, type ClientUnaryCall, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type Clock, nowUs } from '../../contract/clock.ts';
import type { Instance } from '../../contract/discovery.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { topicOf } from '../../contract/ingest.ts';
import type { PublishCalls, PublisherStart } from '../../contract/publisherControl.ts';
import { StaticDirectory } from '../discovery/directory.ts';
import {
  ETCD_SCHEME,
  registerDiscovery,
  STATIC_DIRECTORY_OPTION,
  STATIC_SCHEME,
  serviceConfigOf,
} from '../discovery/resolver.ts';
import { withoutSecrets } from '../drivers/custom/refusal.ts';
import { channelSecurity } from '../drivers/grpc/channelSecurity.ts';
import { secretsIn } from '../fleet/hideSecrets.ts';
import { Outstanding, type Publishing } from './outstanding.ts';
import type { PayloadWriter } from './payload.ts';
import type { Outcome, PostListener, PublishConnection } from './publishConnection.ts';
import { publishRequest } from './publishRequest.ts';

/** Time limit of one try, milliseconds. */
const CALL_MS = 5_000;
/** Tries of one message: after the first of them at once, then with the delays below, about a second in all. */
const MAX_TRIES = 10;
const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 200;

const CHANNEL_OPTIONS = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
};

/** A call, with all its tries. */
interface Call extends Publishing {
  readonly request: Buffer;
  tries: number;
  call: ClientUnaryCall | null;
  timer: NodeJS.Timeout | null;
}

/** Headers as metadata, `{topic}` in them replaced; made once, or once for each topic. */
function metadataByTopic(headers: PublisherStart['headers']): (topic: string) => Metadata {
  const made = new Map<string, Metadata>();
  const namesTopic = Object.values(headers).some((value) => value.includes('{topic}'));
  return (topic) => {
    const key = namesTopic ? topic : '';
    const known = made.get(key);
    if (known !== undefined) return known;
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers))
      metadata.set(name.toLowerCase(), value.replaceAll('{topic}', topic));
    made.set(key, metadata);
    return metadata;
  };
}

/**
 * Publishes by unary calls over a channel of grpc-js that finds the instances of a service and chooses one for each call.
 * A call that an instance did not take (UNAVAILABLE: it drains, or its connection broke) goes out again, and so to the
 * next one. Where the connection broke after the instance had taken it, subscribers get it twice, which the ledger counts.
 */
export class CallConnection implements PublishConnection {
  readonly isAway = false;
  readonly #start: PublisherStart;
  readonly #calls: PublishCalls;
  readonly #payload: PayloadWriter;
  readonly #listener: PostListener;
  readonly #told: StaticDirectory;
  readonly #client: Client;
  readonly #metadataOf: (topic: string) => Metadata;
  readonly #outstanding: Outstanding<Call>;

  constructor(
    start: PublisherStart,
    calls: PublishCalls,
    payload: PayloadWriter,
    listener: PostListener,
    clock: Clock = nowUs,
  ) {
    registerDiscovery();
    this.#start = start;
    this.#calls = calls;
    this.#payload = payload;
    this.#listener = listener;
    this.#outstanding = new Outstanding(start.depth, listener, clock, ({ timer, call }) => {
      if (timer !== null) clearTimeout(timer);
      call?.cancel();
    });
    this.#told = new StaticDirectory(calls.instances);
    this.#metadataOf = metadataByTopic(start.headers);
    const { credentials, options } = channelSecurity(start.security, hostOf(calls));
    this.#client = new Client(targetOf(calls), credentials, {
      ...CHANNEL_OPTIONS,
      ...options,
      'grpc.service_config': serviceConfigOf(calls.balance),
      [STATIC_DIRECTORY_OPTION]: this.#told,
    });
  }

  get hasInFlight(): boolean {
    return this.#outstanding.hasInFlight;
  }

  instances(instances: readonly Instance[]): void {
    this.#told.set(instances);
  }

  enqueue(envelope: Envelope): void {
    this.#outstanding.enqueue(envelope);
  }

  flush(): void {
    this.#outstanding.flush((envelope, writtenUs) => this.#publish(envelope, writtenUs));
  }

  #publish(envelope: Envelope, writtenUs: number): void {
    const topic = topicOf(envelope.stream);
    const { bytes, dataAt } = publishRequest(this.#calls.fields, topic, this.#payload.bytes);
    this.#payload.write(bytes, dataAt, envelope);
    const publishing: Call = { envelope, writtenUs, request: bytes, tries: 0, call: null, timer: null };
    this.#outstanding.add(publishing);
    this.#try(publishing);
  }

  #try(publishing: Call): void {
    publishing.tries++;
    publishing.call = this.#client.makeUnaryRequest(
      this.#calls.path,
      asIs,
      asIs,
      publishing.request,
      this.#metadataOf(topicOf(publishing.envelope.stream)),
      { deadline: Date.now() + CALL_MS },
      (error) => this.#answered(publishing, error),
    );
  }

  #answered(publishing: Call, error: ServiceError | null): void {
    if (!this.#outstanding.has(publishing)) return;
    if (error?.code === status.UNAVAILABLE && publishing.tries < MAX_TRIES) {
      this.#tryAgain(publishing);
      return;
    }
    if (error === null) this.#outstanding.answered(publishing, 'sent', '');
    // A call that ran out of time or found no instance brought no answer.
    else this.#outstanding.answered(publishing, outcomeOf(error), this.#detailOf(error), isSilence(error));
    this.flush();
  }

  /** Servers say credentials back, and what they say goes into results. */
  #detailOf({ code, details }: ServiceError): string {
    return `${status[code]}: ${withoutSecrets(details, secretsIn(this.#start.headers))}`;
  }

  #tryAgain(publishing: Call): void {
    this.#listener.retried(publishing.envelope.index);
    if (publishing.tries === 1) {
      this.#try(publishing);
      return;
    }
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (publishing.tries - 2));
    publishing.timer = setTimeout(() => this.#try(publishing), delayMs);
  }

  forget(): void {
    this.#outstanding.forget('instance taken away');
  }

  abandon(why: string): void {
    this.#outstanding.abandon(why);
  }

  stop(): void {
    this.#outstanding.forget('the publisher stops');
    this.#client.close();
    this.#told.close();
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

function isSilence({ code }: ServiceError): boolean {
  return code === status.DEADLINE_EXCEEDED || code === status.UNAVAILABLE;
}

function outcomeOf({ code }: ServiceError): Outcome {
  return code === status.RESOURCE_EXHAUSTED ? 'refused' : 'failed';
}

function targetOf({ directory }: PublishCalls): string {
  if (directory === null) return `${STATIC_SCHEME}:///instances`;
  return `${ETCD_SCHEME}://${new URL(directory.etcdUrl).host}/${directory.service}`;
}

/** For a server of the user's own: there the one instance is the one that was named. */
function hostOf({ instances }: PublishCalls): string {
  return instances[0]?.endpoints[0]?.host ?? 'localhost';
}
