import { connect, type Socket } from 'node:net';
import { BenchError, EXIT } from '../../../contract/errors.ts';
import type { BatchRecord } from '../../http/batch.ts';
import { backOffMs } from '../backOff.ts';
import { type Bus, type BusCounts, type BusListener, BusUnavailable } from '../bus.ts';
import { MessageOrder } from '../messageOrder.ts';
import { decodeRecords, encodeRecords } from '../records.ts';
import { FROM_HUB, FrameReader, frame, numbers, TO_HUB } from './frames.ts';
import { HELLO_MAGIC } from './hub.ts';

/** Publishes without an answer: beyond them the hub is taken for stuck. */
const MAX_PENDING = 10_000;
/** Bytes that may wait for the hub before notices are dropped: nobody waits for them, so nothing else would bound them. */
const MAX_UNSENT_BYTES = 16 * 1_048_576;
/** Time for the hub's welcome, milliseconds. */
const WELCOME_MS = 5_000;
/** Last id of a node that is new. */
const NO_ID = -1;

interface Pending {
  readonly resolve: (lastId: number) => void;
  readonly reject: (error: Error) => void;
}

/** A node's end of the embedded bus: one TCP connection to the hub. */
export class EmbeddedBus implements Bus {
  readonly #host: string;
  readonly #port: number;
  readonly #pending = new Map<number, Pending>();
  #listener: BusListener | null = null;
  #order: MessageOrder | null = null;
  #socket: Socket | null = null;
  #isConnected = false;
  #isStopped = false;
  #nextRequest = 0;
  #reconnects = 0;
  #damaged = 0;
  #attempt = 0;
  #retry: NodeJS.Timeout | null = null;

  /** `url`: `tcp://host:port`. */
  constructor(url: URL) {
    this.#host = url.hostname;
    this.#port = Number(url.port);
  }

  async start(listener: BusListener): Promise<void> {
    this.#listener = listener;
    this.#order = new MessageOrder(listener);
    const failure = await new Promise<Error | null>((resolve) => this.#connect(resolve));
    if (failure === null) return;
    await this.stop();
    throw new BenchError(
      `the embedded bus at ${this.#host}:${this.#port} does not answer: ${failure.message}`,
      {
        exitCode: EXIT.systemUnderTest,
        hint: 'The broker process of the run must be up before its nodes are.',
        cause: failure,
      },
    );
  }

  publish(records: readonly BatchRecord[], publishedUs: number): Promise<number> {
    const socket = this.#socket;
    if (socket === null || !this.#isConnected)
      return Promise.reject(new BusUnavailable('it is not connected'));
    if (this.#pending.size >= MAX_PENDING) return Promise.reject(new BusUnavailable('too much is under way'));
    const request = this.#nextRequest++;
    socket.write(frame(TO_HUB.publish, numbers(request), encodeRecords(records, publishedUs)));
    return new Promise((resolve, reject) => this.#pending.set(request, { resolve, reject }));
  }

  announce(notice: Buffer): void {
    const socket = this.#socket;
    if (socket === null || !this.#isConnected || socket.writableLength > MAX_UNSENT_BYTES) return;
    socket.write(frame(TO_HUB.notice, notice));
  }

  counts(): BusCounts {
    return { lost: this.#order?.lost ?? 0, reconnects: this.#reconnects, damaged: this.#damaged };
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#drop('this node stops');
    if (socket === null) return Promise.resolve();
    // What was announced last, that this node leaves, still has to go out.
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroySoon();
    });
  }

  /** `settled` is told how the first attempt went; later ones go on until they succeed. */
  #connect(settled?: (failure: Error | null) => void): void {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    const reader = new FrameReader((type, payload) => this.#take(type, payload, settled));
    let failure = new Error('the connection was closed');
    this.#socket = socket;
    socket.setTimeout(WELCOME_MS, () => socket.destroy(new Error(`no welcome within ${WELCOME_MS} ms`)));
    socket.on('connect', () => socket.write(this.#hello()));
    socket.on('data', (chunk: Buffer) => this.#read(reader, socket, chunk));
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      // Stopped before the hub had answered: whoever starts it waits for a word.
      if (this.#isStopped) settled?.(failure);
      if (this.#socket !== socket) return;
      this.#drop(failure.message);
      if (settled === undefined || this.#order?.lastId !== null) this.#connectLater();
      else settled(failure);
    });
  }

  #read(reader: FrameReader, socket: Socket, chunk: Buffer): void {
    try {
      reader.read(chunk);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // After a damaged frame nobody knows where the next one begins.
      this.#damaged++;
      socket.destroy(error);
    }
  }

  #hello(): Buffer {
    const { lastId = null, knownId = 0 } = this.#order ?? {};
    return frame(TO_HUB.hello, HELLO_MAGIC, numbers(lastId ?? NO_ID, knownId));
  }

  #take(type: number, payload: Buffer, settled?: (failure: null) => void): void {
    if (this.#isStopped) return;
    if (type === FROM_HUB.messages)
      this.#order?.receive(decodeRecords(payload.subarray(8), payload.readDoubleBE(0)));
    else if (type === FROM_HUB.notice) this.#listener?.notice(payload);
    else if (type === FROM_HUB.taken) this.#taken(payload.readDoubleBE(0), payload.readDoubleBE(8));
    else if (type === FROM_HUB.welcome) {
      this.#welcomed(payload.readDoubleBE(0), payload.readDoubleBE(8));
      settled?.(null);
    }
  }

  #welcomed(fromId: number, hubLastId: number): void {
    this.#socket?.setTimeout(0);
    if (this.#order?.lastId === null) this.#order.begin(fromId, hubLastId);
    else {
      this.#reconnects++;
      this.#order?.reached(fromId);
    }
    this.#attempt = 0;
    this.#isConnected = true;
    this.#listener?.connection(true);
  }

  #taken(request: number, lastId: number): void {
    this.#order?.assigned(lastId);
    this.#pending.get(request)?.resolve(lastId);
    this.#pending.delete(request);
  }

  #drop(reason: string): void {
    this.#socket = null;
    for (const { reject } of this.#pending.values()) reject(new BusUnavailable(reason));
    this.#pending.clear();
    if (!this.#isConnected) return;
    this.#isConnected = false;
    if (!this.#isStopped) this.#listener?.connection(false);
  }

  #connectLater(): void {
    if (this.#isStopped) return;
    this.#retry = setTimeout(() => this.#connect(), backOffMs(this.#attempt++));
  }
}
