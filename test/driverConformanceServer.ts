import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

/** One accepted connection whose request head has arrived, for a script to answer byte for byte. */
export interface ScriptedConnection {
  readonly request: string;
  /** What the client sends next, once it is whole; null: it closed before that. Bytes as latin1. */
  next(isWhole: (text: string) => boolean): Promise<string | null>;
  /** Resolves when the bytes were handed to the kernel. */
  send(text: string): Promise<void>;
  end(): void;
  /** Ends with RST instead of FIN. */
  reset(): void;
  /** Resolves when the client has closed. */
  readonly closed: Promise<unknown>;
}

export type Script = (connection: ScriptedConnection) => Promise<void> | void;

/** A server that runs one script for each connection, in order of arrival, and the last one again after that. */
export class ScriptedServer {
  port = 0;
  readonly requests: string[] = [];
  readonly #scripts: readonly Script[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #serving: Promise<void>[] = [];
  readonly #running: Promise<void>[] = [];

  /** @param secureContext certificate and key of a server that speaks TLS; null: it does not */
  constructor(scripts: readonly Script[], secureContext: SecureContext | null = null) {
    this.#scripts = scripts;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (tcp) => {
      const socket = secureContext === null ? tcp : new TLSSocket(tcp, { isServer: true, secureContext });
      this.#serving.push(this.#serve(tcp, socket));
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** Resolves when every script that began has ended: undici keeps connections on which it never asks. @throws what a script threw. */
  async scriptsDone(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Resolves when every socket is closed. @throws what a script threw. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await Promise.all(this.#serving);
  }

  /** @param socket `tcp` itself, or the TLS over it */
  async #serve(tcp: Socket, socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    const closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#sockets.delete(socket);
        resolve(null);
      });
    });
    // A client that closes while a script still writes is what many of the tests are about.
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    const inbox = new Inbox(socket);
    const next = (isWhole: (text: string) => boolean): Promise<string | null> =>
      Promise.race([inbox.next(isWhole), closed.then(() => null)]);
    const request = await next(isWholeHead);
    if (request === null) return;
    this.requests.push(request);
    const script = this.#scripts[Math.min(this.requests.length, this.#scripts.length) - 1];
    const running = this.#run(script, {
      request,
      closed,
      next,
      send: (text) => new Promise((resolve) => socket.write(text, 'latin1', () => resolve())),
      end: () => socket.end(),
      reset: () => tcp.resetAndDestroy(),
    });
    this.#running.push(running);
    await running;
  }

  async #run(script: Script, connection: ScriptedConnection): Promise<void> {
    await script(connection);
  }
}

/** True for a whole request without a body. */
export function isWholeHead(text: string): boolean {
  return text.endsWith('\r\n\r\n');
}

/** What a client has sent and nobody has taken yet. */
class Inbox {
  #text = '';
  #arrived: () => void = () => {};

  constructor(socket: Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.#text += bytes.toString('latin1');
      this.#arrived();
    });
  }

  async next(isWhole: (text: string) => boolean): Promise<string> {
    while (!isWhole(this.#text)) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

/** A port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = new ScriptedServer([() => {}]);
  await server.start();
  await server.stop();
  return server.port;
}
