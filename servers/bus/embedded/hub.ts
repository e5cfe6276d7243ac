import { createServer, type Server, type Socket } from 'node:net';
import { nextEpoch } from '../epoch.ts';
import { recordCount } from '../records.ts';
import { Backlog } from './backlog.ts';
import { FROM_HUB, FrameReader, frame, numbers, TO_HUB } from './frames.ts';

export interface HubLimits {
  /** Bytes that may wait for a node that does not read, before it is cut off. @default 67108864 */
  readonly maxUnsentBytes: number;
  /** Messages kept for nodes that come back. @default 65536 */
  readonly backlogMessages: number;
  /** Bytes kept for nodes that come back. @default 67108864 */
  readonly backlogBytes: number;
}

const DEFAULT_LIMITS: HubLimits = {
  maxUnsentBytes: 64 * 1_048_576,
  backlogMessages: 65_536,
  backlogBytes: 64 * 1_048_576,
};

/** First bytes of a node's hello: a stranger on the port is turned away. */
export const HELLO_MAGIC = Buffer.from('pushbus1');

/**
 * The embedded bus: gives each message its id and sends it to every node, the publishing one included.
 * It runs in a process of its own, as any broker does, so that its cost is not a node's.
 */
export class EmbeddedHub {
  readonly #limits: HubLimits;
  readonly #backlog: Backlog;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those that said hello. */
  readonly #nodes = new Set<Socket>();
  #lastId = 0;
  #nodesCut = 0;

  constructor(limits: Partial<HubLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#backlog = new Backlog(this.#limits.backlogMessages, this.#limits.backlogBytes);
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  /** Nodes that were cut off because they did not read. */
  get nodesCut(): number {
    return this.#nodesCut;
  }

  /** @returns the URL that nodes join by. */
  listen(port = 0, host = '127.0.0.1'): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.removeListener('error', reject);
        const address = this.#server.address();
        const bound = typeof address === 'object' && address !== null ? address.port : port;
        resolve(`tcp://${host}:${bound}`);
      });
    });
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const reader = new FrameReader((type, payload) => this.#take(socket, type, payload));
    // A broken connection closes next; the node comes back by itself.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#nodes.delete(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      // All frames of one read go out in one write per node.
      for (const node of this.#nodes) node.cork();
      try {
        reader.read(chunk);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        socket.destroy();
      }
      for (const node of this.#nodes) node.uncork();
    });
  }

  #take(socket: Socket, type: number, payload: Buffer): void {
    if (type === TO_HUB.hello) this.#join(socket, payload);
    else if (!this.#nodes.has(socket)) socket.destroy();
    else if (type === TO_HUB.publish) this.#publish(socket, payload);
    else if (type === TO_HUB.notice) this.#toAll(frame(FROM_HUB.notice, payload));
  }

  /** Hello: magic, last id the node has (-1: it is new), highest id it knows of. */
  #join(socket: Socket, payload: Buffer): void {
    if (!payload.subarray(0, HELLO_MAGIC.length).equals(HELLO_MAGIC)) {
      socket.destroy();
      return;
    }
    const hasId = payload.readDoubleBE(HELLO_MAGIC.length);
    const knownId = payload.readDoubleBE(HELLO_MAGIC.length + 8);
    if (knownId > this.#lastId) this.#lastId = nextEpoch(knownId);
    const fromId = Math.max(hasId, this.#backlog.beforeOldest(this.#lastId));
    socket.write(frame(FROM_HUB.welcome, numbers(fromId, this.#lastId)));
    for (const bytes of this.#backlog.after(fromId)) socket.write(bytes);
    this.#nodes.add(socket);
  }

  #publish(socket: Socket, payload: Buffer): void {
    const records = payload.subarray(8);
    const count = recordCount(records);
    this.#lastId += count;
    socket.write(frame(FROM_HUB.taken, payload.subarray(0, 8), numbers(this.#lastId)));
    const bytes = frame(FROM_HUB.messages, numbers(this.#lastId), records);
    this.#backlog.add(this.#lastId, count, bytes);
    this.#toAll(bytes);
  }

  #toAll(bytes: Buffer): void {
    for (const node of this.#nodes) {
      if (node.writableLength <= this.#limits.maxUnsentBytes) node.write(bytes);
      else {
        this.#nodesCut++;
        this.#nodes.delete(node);
        node.destroy();
      }
    }
  }
}
