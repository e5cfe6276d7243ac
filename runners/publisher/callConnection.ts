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
import type { PayloadWriter } from './payload.ts';
import { type Outcome, type PostListener, type PublishConnection, SILENT_US } from './publishConnection.ts';
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

/** A message between its first try and its answer. */
interface Publishing {
  readonly envelope: Envelope;
  readonly writtenUs: number;
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
  readonly #clock: Clock;
  readonly #told: StaticDirectory;
  readonly #client: Client;
  readonly #metadataOf: (topic: string) => Metadata;
  readonly #queue: Envelope[] = [];
  readonly #underWay = new Set<Publishing>();
  /** Since when no instance has answered although one owed it; null: nothing is owed. */
  #owedSinceUs: number | null = null;
  #stopped = false;

  constructor(
    start: PublisherStart,
    calls: PublishCalls,
    payload: PayloadWriter,
    listener: PostListener,
    clock = nowUs,
  ) {
    registerDiscovery();
    this.#start = start;
    this.#calls = calls;
    this.#payload = payload;
    this.#listener = listener;
    this.#clock = clock;
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
    return this.#underWay.size > 0;
  }

  instances(instances: readonly Instance[]): void {
    this.#told.set(instances);
  }

  enqueue(envelope: Envelope): void {
    if (this.#stopped) this.#listener.answered(envelope.index, 'skipped', 0, 'instance taken away');
    else this.#queue.push(envelope);
  }

  flush(): void {
    while (!this.#stopped && this.#underWay.size < this.#start.depth) {
      const envelope = this.#queue.shift();
      if (envelope === undefined) return;
      this.#publish(envelope);
    }
  }

  #publish(envelope: Envelope): void {
    const writtenUs = this.#clock();
    this.#owedSinceUs ??= writtenUs;
    envelope.sentUs = Math.floor(writtenUs);
    this.#listener.posted(envelope);
    const topic = topicOf(envelope.stream);
    const { bytes, dataAt } = publishRequest(this.#calls.fields, topic, this.#payload.bytes);
    this.#payload.write(bytes, dataAt, envelope);
    const publishing = { envelope, writtenUs, request: bytes, tries: 0, call: null, timer: null };
    this.#underWay.add(publishing);
    this.#try(publishing);
  }

  #try(publishing: Publishing): void {
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

  #answered(publishing: Publishing, error: ServiceError | null): void {
    if (!this.#underWay.has(publishing)) return;
    if (error?.code === status.UNAVAILABLE && publishing.tries < MAX_TRIES) {
      this.#tryAgain(publishing);
      return;
    }
    if (error === null) this.#settle(publishing, 'sent', '');
    else this.#settle(publishing, outcomeOf(error), this.#detailOf(error));
    this.#noteAnswer(error);
    this.flush();
  }

  /** Servers say credentials back, and what they say goes into results. */
  #detailOf({ code, details }: ServiceError): string {
    return `${status[code]}: ${withoutSecrets(details, secretsIn(this.#start.headers))}`;
  }

  /** A call that ran out of time or found no instance brought no answer: the silence goes on with the next one. */
  #noteAnswer(error: ServiceError | null): void {
    const isIdle = this.#underWay.size === 0 && this.#queue.length === 0;
    if (isIdle) this.#owedSinceUs = null;
    else if (!isSilence(error)) this.#owedSinceUs = this.#clock();
  }

  #tryAgain(publishing: Publishing): void {
    this.#listener.retried(publishing.envelope.index);
    if (publishing.tries === 1) {
      this.#try(publishing);
      return;
    }
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (publishing.tries - 2));
    publishing.timer = setTimeout(() => this.#try(publishing), delayMs);
  }

  #settle(publishing: Publishing, outcome: Outcome, detail: string): void {
    this.#underWay.delete(publishing);
    const { envelope, writtenUs } = publishing;
    this.#listener.answered(envelope.index, outcome, this.#clock() - writtenUs, detail);
  }

  forget(): void {
    this.#stopped = true;
    this.#giveUp('skipped', 'instance taken away');
    for (const { index } of this.#queue.splice(0)) {
      this.#listener.answered(index, 'skipped', 0, 'instance taken away');
    }
  }

  get #isSilent(): boolean {
    return this.#owedSinceUs !== null && this.#clock() - this.#owedSinceUs >= SILENT_US;
  }

  abandon(why: string): void {
    // What was given up must not be sent later.
    const waiting = this.#queue.splice(0);
    // It waited for instances that took no more: that is no lateness of ours, and fails like what was not answered.
    if (this.#isSilent) for (const { index } of waiting) this.#listener.answered(index, 'failed', 0, why);
    this.#owedSinceUs = null;
    this.#giveUp('failed', why);
  }

  #giveUp(outcome: Outcome, why: string): void {
    for (const publishing of [...this.#underWay]) {
      this.#settle(publishing, outcome, why);
      if (publishing.timer !== null) clearTimeout(publishing.timer);
      publishing.call?.cancel();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#giveUp('skipped', 'the publisher stops');
    this.#client.close();
    this.#told.close();
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

function isSilence(error: ServiceError | null): boolean {
  return error?.code === status.DEADLINE_EXCEEDED || error?.code === status.UNAVAILABLE;
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
