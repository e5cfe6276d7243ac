// Beside other suites: what is scraped is counted, not timed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type Serving, startServing } from '../cli/startServing.ts';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { STAGES } from '../servers/registry.ts';
import { type PrometheusServer, startPrometheus } from './prometheusServer.ts';
import { requireService } from './requireService.ts';

const prometheus = requireService('prometheus');
const promtool = requireService('promtool');

const served: Serving[] = [];
const addresses = new Map<string, string>();
let scraping: PrometheusServer | null = null;

before(async () => {
  for (const { name, variants } of STAGES) {
    const variant = variants.find(({ isDefault }) => isDefault);
    assert.ok(variant !== undefined);
    const options = { ...DEFAULT_SERVER_OPTIONS, listen: [{ host: '127.0.0.1', port: 0 }] };
    const { capabilities } = variant;
    const serving = await startServing(
      { stage: name, variant: variant.name },
      { capabilities, options, nodes: 1 },
    );
    served.push(serving);
    const [node] = serving.nodes;
    const { host, port } = node.ingest ?? node.endpoints[0];
    addresses.set(name, `${host}:${port}`);
  }
  if (prometheus.path !== null) scraping = await startPrometheus(prometheus.path, [...addresses.values()]);
});

after(async () => {
  await scraping?.stop();
  await Promise.all(served.map((serving) => serving.stop()));
});

test('a real Prometheus scrapes every stage, and they answer one query alike', {
  skip: prometheus.skip,
}, async () => {
  const wanted = [...addresses.values()].sort();
  for (const query of [
    'push_connections',
    'push_connection_total{state="accepted"}',
    'push_flow_level_bytes',
  ]) {
    const samples = (await scraping?.ask(query, ({ length }) => length === wanted.length)) ?? [];
    assert.deepEqual(samples.map(({ metric }) => metric.instance).sort(), wanted);
  }
});

test('it sees a client come, and its handshake in a bucket', { skip: prometheus.skip }, async () => {
  const address = addresses.get('sse') ?? '';
  const [host, port] = address.split(':');
  const client = connect(Number(port), host);
  try {
    await once(client, 'connect');
    client.write(`GET /events?topic=t0 HTTP/1.1\r\nHost: ${address}\r\nAccept: text/event-stream\r\n\r\n`);
    await once(client, 'data');
    const one = [['push_connections', 1] as const, ['push_handshake_duration_seconds_count', 1] as const];
    for (const [name, count] of one) {
      const query = `${name}{instance="${address}"}`;
      await scraping?.ask(query, ([sample]) => sample?.value === count);
    }
    const quantile = `histogram_quantile(0.95, sum by (le) (push_handshake_duration_seconds_bucket{instance="${address}"}))`;
    const [p95] = (await scraping?.ask(quantile, ([sample]) => (sample?.value ?? 0) > 0)) ?? [];
    assert.ok((p95?.value ?? 0) <= 10);
  } finally {
    client.destroy();
  }
});

for (const { name } of STAGES) {
  test(`promtool finds no fault in what ${name} exposes`, { skip: promtool.skip }, async () => {
    assert.ok(promtool.path !== null);
    const text = await (await fetch(`http://${addresses.get(name)}/metrics`)).text();
    const { status, stderr } = spawnSync(promtool.path, ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    // The names of prom-client's own metrics are not ours to choose: what is linted there is left to it.
    const ours = stderr.split('\n').filter((line) => line.startsWith('push_'));
    assert.deepEqual(ours, []);
    assert.notEqual(status, 1, stderr);
  });
}
