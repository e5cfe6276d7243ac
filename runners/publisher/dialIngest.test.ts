import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { before, type TestContext, test } from 'node:test';
import { nowUs } from '../../contract/clock.ts';
import { PLAIN_PUBLISHER, type PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { ClientSecurity } from '../../contract/security.ts';
import { CLIENT, issue, STRANGERS_PEM } from '../../test/testSecurity.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { ingestAddress } from './dialIngest.ts';
import { Publisher } from './publisher.ts';

before(initHistograms);

const COUNT = 40;

/** What becomes of messages that are posted to an https server of its own kind. */
async function publish(t: TestContext, security: ClientSecurity | null) {
  const { certificate, privateKey } = await issue();
  const heads: string[] = [];
  const server = createServer(
    { cert: certificate, key: privateKey, minVersion: 'TLSv1.3' },
    (request, response) => {
      heads.push(`${request.headers.authorization} ${request.socket.remotePort}`);
      request.resume().on('end', () => response.writeHead(202).end());
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const publisher = new Publisher({
    run: 5,
    streams: 3,
    payloadBytes: 64,
    urls: [`https://127.0.0.1:${port}/publish`],
    publishTo: 'any-node',
    batch: false,
    depth: 8,
    headers: { authorization: 'Bearer token' },
    topicHeader: true,
    ...PLAIN_PUBLISHER,
    security,
  });
  t.after(() => {
    publisher.stop();
    server.closeAllConnections();
    server.close();
  });
  const report = await publisher.phase({
    id: 0,
    name: 'measure',
    firstIndex: 0,
    count: COUNT,
    startUs: nowUs(),
    durationUs: 40_000,
    ratePerSecond: 1_000,
    shape: [{ durationMs: 40, ratePerSecond: 1_000 }],
    arrivals: 'uniform',
    seed: 1,
    streams: 3,
  });
  return { report, heads };
}

const failuresOf = ({ failures }: PublisherPhaseReport) => failures.map(({ detail }) => detail);

test('messages are posted over one TLS connection, with the token of the client', async (t) => {
  const { report, heads } = await publish(t, CLIENT);
  assert.deepEqual([report.sent, report.failed], [COUNT, 0]);
  assert.equal(heads.length, COUNT);
  assert.equal(new Set(heads).size, 1);
  assert.match(heads[0], /^Bearer token \d+$/);
});

for (const [what, security] of [
  ['other authorities', { ...CLIENT, ca: STRANGERS_PEM }],
  ['the authorities of the system', null],
] as const) {
  test(`a server that ${what} do not vouch for gets no message, and the failure says why`, async (t) => {
    const { report, heads } = await publish(t, security);
    assert.deepEqual([report.sent, report.failed, heads.length], [0, COUNT, 0]);
    assert.deepEqual(failuresOf(report), ['TLS: unable to verify the first certificate']);
  });
}

for (const [url, security, expected] of [
  ['http://127.0.0.1:9000/publish', CLIENT, ['127.0.0.1', 9000, null]],
  ['http://localhost/publish', null, ['localhost', 80, null]],
  ['https://localhost/t/{topic}', CLIENT, ['localhost', 443, CLIENT]],
  ['https://[::1]:8443/', CLIENT, ['::1', 8443, CLIENT]],
] as const) {
  test(`the scheme of ${url} decides how it is reached`, () => {
    const address = ingestAddress(url, security);
    assert.deepEqual([address.host, address.port, address.security], expected);
  });
}
