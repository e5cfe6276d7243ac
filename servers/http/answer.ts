/** What is needed of a response, of HTTP/1.1 or HTTP/2. */
export interface Response {
  readonly headersSent: boolean;
  /** @param headers flat name, value list */
  writeHead(status: number, headers: string[]): unknown;
  end(body: string): unknown;
}

/** Sends a whole text answer. `headers` is a flat name, value list. */
export function answerText(
  response: Response,
  status: number,
  text: string,
  headers: readonly string[] = [],
): void {
  answer(response, status, `${text}\n`, 'text/plain; charset=utf-8', headers);
}

export function answerJson(
  response: Response,
  status: number,
  body: string,
  headers: readonly string[] = [],
): void {
  answer(response, status, body, 'application/json', headers);
}

export function answer(
  response: Response,
  status: number,
  body: string,
  contentType: string,
  headers: readonly string[] = [],
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, ['Content-Type', contentType, 'Content-Length', length, ...headers]);
  response.end(body);
}
