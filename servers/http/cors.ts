import type { IncomingMessage } from 'node:http';

const PREFLIGHT = [
  'Access-Control-Allow-Methods',
  'GET, POST',
  'Access-Control-Allow-Headers',
  'Authorization, Content-Type, If-None-Match, Last-Event-ID, X-Kind, X-Topic',
  'Access-Control-Max-Age',
  '600',
];

/** Allowlist of browser origins, compared exactly (Fetch standard, section 3.2). */
export class Cors {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowedOrigins: readonly string[]) {
    this.#allowed = new Set(allowedOrigins);
  }

  /** Flat name, value list for an answer. `Vary` is told to every client, or a cache would mix them up. */
  headers(origin: string | undefined): string[] {
    if (this.#allowed.size === 0) return [];
    const vary = ['Vary', 'Origin'];
    if (origin === undefined || !this.#allowed.has(origin)) return vary;
    return [...vary, 'Access-Control-Allow-Origin', origin];
  }

  preflightHeaders(origin: string | undefined): string[] {
    const headers = this.headers(origin);
    return origin !== undefined && this.#allowed.has(origin) ? [...headers, ...PREFLIGHT] : headers;
  }

  /** False for a browser page of another origin, which could otherwise publish to a server on loopback. */
  mayPublish(request: Pick<IncomingMessage, 'headers'>): boolean {
    const { origin, host } = request.headers;
    return (
      origin === undefined ||
      origin === `http://${host}` ||
      origin === `https://${host}` ||
      this.#allowed.has(origin)
    );
  }
}
