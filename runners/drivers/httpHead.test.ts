import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headEnd, isEventStream, parseHead } from './httpHead.ts';

const endOf = (text: string): number => headEnd(Buffer.from(text, 'latin1'), 0, text.length);

describe('response head', () => {
  it('ends after the first empty line', () => {
    assert.equal(endOf('HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\n'), 25);
    assert.equal(endOf('HTTP/1.1 200 OK\nA: b\n\nbody'), 22);
    assert.equal(endOf('HTTP/1.1 200 OK\r\nA: b\r\n\r'), -1);
  });

  it('is read whatever the case of names and codings', () => {
    const head = parseHead(
      'HTTP/1.1 200 OK\r\nCONTENT-TYPE:  Text/Event-Stream; charset=utf-8 \r\nTransfer-encoding: Chunked\r\n\r\n',
    );
    assert.equal(head?.fields.get('transfer-encoding'), 'Chunked');
    assert.deepEqual(
      { ...head, fields: null },
      {
        status: 200,
        fields: null,
        contentType: 'Text/Event-Stream; charset=utf-8',
        location: null,
        chunked: true,
        contentLength: Number.POSITIVE_INFINITY,
      },
    );
    assert.ok(isEventStream('Text/Event-Stream; charset=utf-8'));
  });

  it('tells length and location', () => {
    const head = parseHead('HTTP/1.0 302 \r\nLocation: /there\r\nContent-Length: 12\r\n\r\n');
    assert.deepEqual(
      { ...head, fields: null },
      {
        status: 302,
        fields: null,
        contentType: null,
        location: '/there',
        chunked: false,
        contentLength: 12,
      },
    );
  });

  for (const [what, text] of [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nA : b\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n'],
    ['a coding nobody asked for', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
  ]) {
    it(`is damaged by ${what}`, () => assert.equal(parseHead(text), null));
  }

  it('knows an event stream from its neighbours', () => {
    assert.ok(isEventStream('text/event-stream'));
    for (const other of [null, 'text/html', 'text/event-streaming', 'application/json']) {
      assert.equal(isEventStream(other), false);
    }
  });
});
