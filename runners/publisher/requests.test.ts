import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Envelope, emptyEnvelope, findMarker, readEnvelope } from '../../contract/envelope.ts';
import { BATCH_CONTENT_TYPE } from '../../contract/ingest.ts';
import { PLAIN_PUBLISHER, type PublisherStart } from '../../contract/publisherControl.ts';
import { PayloadWriter } from './payload.ts';
import { RequestWriter } from './requests.ts';

const URL = 'http://127.0.0.1:9/in/{topic}?t={topic}';
const ENVELOPE: Envelope = {
  ...emptyEnvelope(),
  run: 1,
  stream: 17,
  seq: 2,
  index: 3,
  intendedUs: 4,
  sentUs: 5,
};

/** The request of some messages, taken apart. */
function requestOf(over: Partial<PublisherStart>, envelopes: readonly Envelope[] = [ENVELOPE]) {
  const start: PublisherStart = {
    run: 1,
    streams: 100,
    payloadBytes: 64,
    urls: [URL],
    publishTo: 'any-node',
    batch: false,
    depth: 1,
    headers: {},
    topicHeader: false,
    ...PLAIN_PUBLISHER,
    ...over,
  };
  const payload = new PayloadWriter(start.payloadBytes, start.run);
  const request = new RequestWriter(URL, start, payload).compose(envelopes);
  const at = request.indexOf('\r\n\r\n');
  const [line, ...fields] = request.toString('latin1', 0, at).split('\r\n');
  const body = request.subarray(at + 4);
  return { line, fields, body, text: body.toString() };
}

test('a message without a template is the payload alone', () => {
  const { line, fields, body } = requestOf({ topicHeader: true, headers: { 'x-key': 'k' } });
  assert.equal(line, 'POST /in/t17?t=t17 HTTP/1.1');
  assert.deepEqual(fields, [
    'host: 127.0.0.1:9',
    'content-type: text/plain',
    'x-topic: t17',
    'x-key: k',
    'content-length: 64',
  ]);
  assert.equal(findMarker(body, 0, body.length), 0);
});

for (const [template, before, after] of [
  ['{"room":"{topic}","text":"{payload}"}', '{"room":"t17","text":"', '"}'],
  ['{"text":"{payload}","rooms":["{topic}","{topic}"]}', '{"text":"', '","rooms":["t17","t17"]}'],
  ['room={topic}&text={payload}', 'room=t17&text=', ''],
  ['{payload}{topic}', '', 't17'],
  ['{topic}{payload}', 't17', ''],
  ['{"von":"Jörg €","{x}":"{payload}"}', '{"von":"Jörg €","{x}":"', '"}'],
] as const) {
  test(`${template} is filled in, and its length is told in bytes`, () => {
    const { fields, body, text } = requestOf({ body: { template, contentType: 'a/b' } });
    assert.ok(text.startsWith(before), text);
    assert.ok(text.endsWith(after), text);
    const at = Buffer.byteLength(before);
    assert.equal(body.length, at + 64 + Buffer.byteLength(after));
    assert.deepEqual(fields.slice(1), ['content-type: a/b', `content-length: ${body.length}`]);
    const read = emptyEnvelope();
    assert.ok(readEnvelope(body, at, read), 'the token is where {payload} stood');
    assert.deepEqual(read, ENVELOPE);
  });
}

test('headers of the user take the place of ours, once, and name the topic', () => {
  const body = { template: '{"a":"{payload}"}', contentType: 'application/json' };
  const headers = { 'content-type': 'application/x; v=1', host: 'chat.example', 'x-room': '{topic}/{topic}' };
  const { fields } = requestOf({ body, headers });
  assert.deepEqual(fields, [
    'host: chat.example',
    'content-type: application/x; v=1',
    'x-room: t17/t17',
    'content-length: 72',
  ]);
});

test('a batch is of its own type, whatever a single message is', () => {
  const { fields, text } = requestOf({ batch: true }, [ENVELOPE, { ...ENVELOPE, stream: 4 }]);
  assert.ok(fields.includes(`content-type: ${BATCH_CONTENT_TYPE}`));
  assert.match(text, /^t17 64\n~PB\..{60}\nt4 64\n~PB\..{60}\n$/s);
});
