import type { ServerResponse } from 'node:http';

/** Sends a whole text answer. `headers` is a flat name, value list. */
export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: readonly string[] = [],
): void {
  answer(response, status, `${text}\n`, 'text/plain; charset=utf-8', headers);
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: readonly string[] = [],
): void {
  answer(response, status, body, 'application/json', headers);
}

export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  contentType: string,
  headers: readonly string[] = [],
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, ['Content-Type', contentType, 'Content-Length', length, ...headers]);
  response.end(body);
}
