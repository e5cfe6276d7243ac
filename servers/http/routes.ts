import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../../contract/security.ts';
import type { Gate } from '../security/gate.ts';
import { HttpGate } from '../security/httpGate.ts';
import { answerText } from './answer.ts';
import type { Cors } from './cors.ts';

/** `headers` go with every answer, flat name, value list; `identity` is null where everybody is served. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  headers: string[],
  identity: Identity | null,
) => void;

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly handle: Handler;
  /** Served to whoever got through the handshake; else a gate is asked first, where there is one. */
  readonly isOpen?: true;
}

/** Path of a request target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/** The part of a path up to its last slash. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/**
 * Dispatches by exact path, or by folder where a route's path ends in a slash; whatever is not there gets 404, 405
 * or a preflight answer. Where there is a gate it is asked first, at every request.
 */
export function createRequestListener(
  routes: ReadonlyMap<string, Route>,
  cors: Cors,
  gate: Gate | null,
): (request: IncomingMessage, response: ServerResponse) => void {
  const httpGate = gate === null ? null : new HttpGate(gate);
  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    const route = routes.get(path) ?? routes.get(folderOf(path));
    const headers = cors.headers(request.headers.origin);
    const dispatch = (identity: Identity | null): void => {
      if (route !== undefined && route.method === request.method)
        route.handle(request, response, headers, identity);
      else answerOther(request, response, route, headers);
    };
    if (httpGate === null || route?.isOpen || request.method === 'OPTIONS') dispatch(null);
    else httpGate.pass(request, response, headers, dispatch);
  };

  function answerOther(
    { method, url, headers: { origin } }: IncomingMessage,
    response: ServerResponse,
    route: Route | undefined,
    headers: readonly string[],
  ): void {
    if (route === undefined) {
      const known = [...routes.keys()].join(', ');
      answerText(response, 404, `nothing at ${url}; there is ${known}`, headers);
    } else if (method === 'OPTIONS') {
      response.writeHead(204, ['Allow', route.method, ...cors.preflightHeaders(origin)]).end();
    } else answerText(response, 405, `use ${route.method}`, ['Allow', route.method, ...headers]);
  }
}
