import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerText } from './answer.ts';
import type { Cors } from './cors.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, headers: string[]) => void;

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly handle: Handler;
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
 * or a preflight answer.
 */
export function createRequestListener(
  routes: ReadonlyMap<string, Route>,
  cors: Cors,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { method, headers } = request;
    const path = pathOf(request.url ?? '/');
    const route = routes.get(path) ?? routes.get(folderOf(path));
    const corsHeaders = cors.headers(headers.origin);
    if (route === undefined) {
      const known = [...routes.keys()].join(', ');
      answerText(response, 404, `nothing at ${request.url}; there is ${known}`, corsHeaders);
    } else if (route.method === method) route.handle(request, response, corsHeaders);
    else if (method === 'OPTIONS') {
      response.writeHead(204, ['Allow', route.method, ...cors.preflightHeaders(headers.origin)]).end();
    } else answerText(response, 405, `use ${route.method}`, ['Allow', route.method, ...corsHeaders]);
  };
}
