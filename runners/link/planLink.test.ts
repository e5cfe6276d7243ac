import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLink, routesOf } from './planLink.ts';

const spec = { rttMs: 80, jitterMs: 0 };
const servers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ host: `127.0.0.${i + 1}`, port: 9_000 + i }));

for (const [what, needs, processes, relaysPerEndpoint] of [
  ['a few connections', { endpoints: 1, connectionsPerEndpoint: 20, files: 19_500 }, 1, 1],
  ['5,000 on two addresses', { endpoints: 2, connectionsPerEndpoint: 2_500, files: 19_500 }, 1, 1],
  ['100,000 on 40', { endpoints: 40, connectionsPerEndpoint: 2_500, files: 19_500 }, 14, 1],
  [
    'more on an address than a process holds',
    { endpoints: 1, connectionsPerEndpoint: 500, files: 500 },
    2,
    2,
  ],
  ['25,000 at a single address', { endpoints: 1, connectionsPerEndpoint: 25_000, files: 19_500 }, 3, 3],
] as const) {
  test(`two files for each connection: ${what}`, () => {
    const plan = planLink(spec, needs);
    assert.deepEqual([plan.processes, plan.relaysPerEndpoint], [processes, relaysPerEndpoint]);
    const routes = routesOf(plan, servers(needs.endpoints), 'linux');
    const perRelay = needs.connectionsPerEndpoint / relaysPerEndpoint;
    for (const own of routes) assert.ok(own.length * perRelay * 2 <= needs.files, `${own.length} relays`);
  });
}

test('the relays of one server stand side by side, so that whoever moves on by node still does', () => {
  const plan = planLink(spec, { endpoints: 3, connectionsPerEndpoint: 500, files: 600 });
  const routes = routesOf(plan, servers(3), 'linux').flat();
  assert.deepEqual(
    routes.map(({ to }) => to.port),
    [9_000, 9_000, 9_001, 9_001, 9_002, 9_002],
  );
  assert.deepEqual(
    routes.map(({ listen }) => listen.host),
    ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'],
  );
});
