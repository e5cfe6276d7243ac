import { Agent, get, type IncomingMessage } from 'node:http';
import type { DriverOptions } from '../contract/loadDriver.ts';
import { CLOSED_BY_SERVER, socketErrorDetail } from '../runners/drivers/closeReason.ts';

/** What the comparison needs of a client. */
export interface ComparedClient {
  open(slot: number): void;
  stop(): Promise<void>;
}

/** The client that most people write first: `http.get`, text, and a split at the empty line. */
export class HttpGetClient implements ComparedClient {
  readonly #options: DriverOptions;
  readonly #agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  open(slot: number): void {
    const { host, port, path, headers } = this.#options.target(slot);
    const request = get({ host, port, path, headers, agent: this.#agent }, (response) => {
      this.#options.events.opened(slot, 0);
      this.#read(slot, response);
    });
    request.on('error', (error) => this.#options.events.closed(slot, socketErrorDetail(error)));
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
  }

  #read(slot: number, response: IncomingMessage): void {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) this.#tell(slot, event);
    });
    response.on('end', () => this.#options.events.closed(slot, CLOSED_BY_SERVER));
  }

  #tell(slot: number, event: string): void {
    for (const line of event.split('\n')) {
      if (!line.startsWith('data: ')) continue;
      const bytes = Buffer.from(line.slice(6));
      this.#options.events.message(slot, bytes, 0, bytes.length, 0);
    }
  }
}
