import type { IncomingHttpHeaders } from 'node:http2';
import { PUBLISH_PATH } from '../../../contract/ingest.ts';
import type { CloseDetail, ConnectTarget } from '../../../contract/loadDriver.ts';
import { CLOSED_BY_SERVER, contentTypeDetail, statusDetail } from '../closeReason.ts';
import { isEventStream } from '../httpHead.ts';
import { retryAfterMs } from '../retryAfter.ts';
import { EventStreamParser } from '../sse/eventStream.ts';
import { answerError, postHeaders } from '../sse/postHeaders.ts';
import { requestHeaders } from '../sse/requestHeaders.ts';
import type { ResponseHead, StreamRequest } from './h2Transport.ts';
import { requestFields } from './requestFields.ts';
import type { ProtocolSink, StreamProtocol, Uplink } from './streamProtocol.ts';

/** Server-sent events over HTTP/2: the same event stream, its end the end of the body. */
export class EventStreamProtocol implements StreamProtocol {
  readonly uplink: Uplink;
  readonly #isSecure: boolean;
  readonly #sink: ProtocolSink;
  readonly #parser: EventStreamParser;

  constructor(slots: number, isSecure: boolean, sink: ProtocolSink) {
    this.#isSecure = isSecure;
    this.#sink = sink;
    this.#parser = new EventStreamParser(slots, sink);
    this.uplink = {
      kind: 'post',
      fields: (target, saying) =>
        requestFields(target, isSecure, 'POST', PUBLISH_PATH, postHeaders(target, saying)),
      fault: answerError,
    };
  }

  request(target: ConnectTarget, lastId: string | null): StreamRequest {
    const fields = requestFields(target, this.#isSecure, 'GET', target.path, requestHeaders(lastId));
    return { fields, body: null, isWhole: true };
  }

  refusal(slot: number, head: ResponseHead): CloseDetail | null {
    const status = head[':status'] ?? 0;
    if (status !== 200) {
      const delayMs = retryAfterMs(head['retry-after']);
      if (delayMs !== null) this.#sink.retryAfter(slot, delayMs);
      return statusDetail(status, head.location ?? null);
    }
    const contentType = head['content-type'] ?? null;
    return isEventStream(contentType) ? null : contentTypeDetail(contentType);
  }

  onBytes(slot: number, bytes: Uint8Array, receivedUs: number): void {
    this.#parser.parse(slot, bytes, 0, bytes.length, receivedUs);
  }

  trailers(_slot: number, _fields: IncomingHttpHeaders): CloseDetail {
    return CLOSED_BY_SERVER;
  }

  endWithoutTrailers(): CloseDetail {
    return CLOSED_BY_SERVER;
  }

  /** Half an event at the end is dropped, as the standard says. */
  endsInside(): null {
    return null;
  }

  reset(slot: number): void {
    this.#parser.reset(slot);
  }
}
