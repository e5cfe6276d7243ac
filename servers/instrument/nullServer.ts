import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { DIGITS } from '../../contract/envelope.ts';
import type { NullStart } from '../../contract/nullControl.ts';
import type { BuiltInProtocol, Endpoint } from '../../contract/pushServer.ts';
import { seededRandom } from '../../contract/random.ts';
import { ENCODERS } from '../encoding.ts';
import { eventMessage } from '../grpc/events.ts';
import { methodOf } from '../grpc/pushProto.ts';
import { EventLists } from '../poll/eventLists.ts';
import type { PushEvent } from '../replay.ts';
import { eventFrame } from '../sse/frames.ts';
import { messageFrame, PAYLOADS } from '../ws/frames.ts';
import { type FrameOf, NullFlood } from './nullFlood.ts';
import { answerPolls, greetStream, greetWebSocket, pushOverHttp1 } from './nullHttp1.ts';
import { pushOverHttp2 } from './nullHttp2.ts';

const HOST = '127.0.0.1';
const TOPIC = 't0';

const { responseSerialize } = methodOf('Subscribe');

interface NullProtocol {
  /**
   * The same bytes as a reference server sends in its default encoding, so that clients have the same to read; event streams
   * without chunks, as the variant `raw` sends them.
   */
  readonly frameOf: (event: PushEvent) => Buffer;
  readonly serve: (flood: NullFlood) => Server;
}

const sseFrame = (event: PushEvent): Buffer => Buffer.from(eventFrame(event, ENCODERS.json));

const PROTOCOLS: Readonly<Record<BuiltInProtocol, NullProtocol>> = {
  sse: { frameOf: sseFrame, serve: (flood) => pushOverHttp1(flood, greetStream) },
  'sse-h2': { frameOf: sseFrame, serve: (flood) => pushOverHttp2(flood, 'text/event-stream') },
  ws: {
    frameOf: (event) => messageFrame(PAYLOADS.json(event)),
    serve: (flood) => pushOverHttp1(flood, greetWebSocket),
  },
  poll: { frameOf: pollAnswer, serve: answerPolls },
  grpc: { frameOf: grpcFrame, serve: (flood) => pushOverHttp2(flood, 'application/grpc') },
};

const LISTS = new EventLists('json');

/** The list of one event that the variant `long` answers. */
function pollAnswer(event: PushEvent): Buffer {
  const { headers, body } = LISTS.of({ gap: null, events: [event], cursor: event.id });
  const fields = headers.map((text, i) => (i % 2 === 0 ? `\r\n${text}: ` : text)).join('');
  return Buffer.from(`HTTP/1.1 200 OK${fields}\r\n\r\n${body}`);
}

/** Uncompressed, its length before it (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
function grpcFrame(event: PushEvent): Buffer {
  const message = responseSerialize(eventMessage(event));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A server that does nothing but send, as fast as it is allowed to: what limits it is the machine and who reads. */
export class NullServer {
  readonly flood: NullFlood;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor({ protocol, run, payloadBytes, seed }: NullStart) {
    const { frameOf, serve } = PROTOCOLS[protocol];
    this.flood = new NullFlood(run, padding(payloadBytes, seed), eventFrames(frameOf));
    this.#server = serve(this.flood);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<Endpoint> {
    this.#server.listen(0, HOST);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the null server has no port');
    return { host: HOST, port: address.port };
  }

  /** By resets: a connection that ends so leaves nothing behind that the kernel keeps for a minute. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }
}

function eventFrames(frameOf: NullProtocol['frameOf']): FrameOf {
  return (payload, seq) => frameOf({ id: seq + 1, topic: TOPIC, data: payload, frame: null });
}

/** As a publisher's payloads are: of an alphabet that no encoder has to escape. */
function padding(bytes: number, seed: number): Buffer {
  const random = seededRandom(seed);
  const digits = Array.from({ length: bytes }, () => DIGITS[Math.floor(random() * DIGITS.length)]);
  return Buffer.from(digits.join(''), 'latin1');
}
