import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { comparisonResult } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { securityRuns } from '../testing/sampleSecurity.ts';
import { compareSources } from './comparison.ts';
import { comparisonHeadline } from './comparisonHeadline.ts';
import { comparisonJson } from './comparisonJson.ts';
import { comparisonMarkdown } from './comparisonMarkdown.ts';
import { METRIC } from './comparisonMetrics.ts';
import { comparisonText } from './comparisonTerminal.ts';
import { meaning } from './meaning.ts';
import { connectPace, unauthenticatedOf } from './securityConditions.ts';
import { costOf, leastProtected, protectedServers } from './securityCost.ts';
import { costSentences, ratioText, securityFinding } from './securityFinding.ts';
import { securityRows } from './securityRows.ts';
import { groupRuns } from './serverGroup.ts';

const groupsOf = (runs: readonly Run[]) =>
  groupRuns([{ name: '', result: sampleResult({ runs: [...runs] }) }]);
const guarded = (kind: Run['security']['kind'], cpuUs: number, over: Partial<Run> = {}): Run => {
  const { cpu, security } = sampleRun();
  const server = { ...cpu.server, usPerDelivery: cpuUs };
  return sampleRun({ security: { ...security, kind }, cpu: { ...cpu, server }, ...over });
};

test('servers are gathered by name, the least protected first; one kind alone costs nothing', () => {
  const servers = protectedServers(groupsOf(securityRuns()));
  assert.deepEqual(
    servers.map(({ name, base, others }) => [name, base.kind, others.map(({ kind }) => kind)]),
    ['sse:shared', 'ws:prepared', 'grpc:server-stream x100'].map((name) => [
      name,
      'plain',
      ['tls', 'mtls-jwt'],
    ]),
  );
  assert.deepEqual(protectedServers(groupRuns([{ name: '', result: comparisonResult() }])), []);
  const [only] = protectedServers(groupsOf([guarded('mtls-jwt', 14), guarded('tls', 12)]));
  assert.equal(only?.base.kind, 'tls');
});

test('a ratio stands on the medians, its ends on the ends of both intervals', () => {
  const [server] = protectedServers(
    groupsOf([guarded('plain', 10), guarded('plain', 12), guarded('tls', 15), guarded('tls', 18)]),
  );
  assert.ok(server?.others[0]);
  const cost = costOf(server, server.others[0], METRIC.deliveryCpu);
  assert.equal(cost?.told, 'apart');
  assert.ok(Math.abs((cost?.ratio ?? 0) - 1.5) < 1e-9);
  assert.ok(Math.abs((cost?.interval?.low ?? 0) - 15 / 12) < 1e-9);
  assert.ok(Math.abs((cost?.interval?.high ?? 0) - 18 / 10) < 1e-9);
});

for (const [name, plain, tls, finding] of [
  ['intervals apart', [10, 11], [15, 16], /CPU per delivery \+48 %/],
  ['intervals that overlap', [10, 16], [12, 19], /CPU per delivery not told apart/],
  ['medians that are alike', [10, 10.1], [10.1, 10.2], /CPU per delivery alike/],
  ['single runs', [10], [15], /CPU per delivery from a single usable run, so nothing is claimed/],
] as const) {
  test(`the finding claims what the runs support: ${name}`, () => {
    const runs = [...plain.map((us) => guarded('plain', us)), ...tls.map((us) => guarded('tls', us))];
    assert.match(securityFinding(groupsOf(runs)).join('; '), finding);
  });
}

test('an INVALID figure is compared with nothing, and said to be', () => {
  const reason = {
    code: 'generatorStalled',
    verdict: 'INVALID' as const,
    families: ['throughput' as const],
    message: 'stood still',
    advice: 'Lower the rate.',
    figure: 1,
    bound: 0,
    unit: 's',
  };
  const validity = { verdict: 'INVALID' as const, reasons: [reason] };
  const groups = groupsOf([guarded('plain', 10), guarded('tls', 15, { validity })]);
  const [server] = protectedServers(groups);
  assert.ok(server?.others[0]);
  assert.equal(costOf(server, server.others[0], METRIC.deliveryCpu)?.ratio, null);
  assert.match(securityFinding(groups).join(), /CPU per delivery not comparable \(INVALID\)/);
  assert.match(costSentences(groups)[0]?.text ?? '', /INVALID, and not compared: .*CPU per delivery/);
});

test('servers that a ratio is not told of are counted by the reason', () => {
  const ws = { stage: 'ws', variant: 'prepared' };
  const clear = [guarded('plain', 10), guarded('plain', 11), guarded('tls', 15), guarded('tls', 16)];
  const alike = [10, 10.1].flatMap((us) => [guarded('plain', us, ws), guarded('tls', us + 0.1, ws)]);
  assert.match(
    securityFinding(groupsOf([...clear, ...alike])).join(),
    /CPU per delivery \+48 % \(of 2 servers 1 alike\)/,
  );
});

test('the finding names the base where that is protected itself', () => {
  const runs = [guarded('tls', 10), guarded('tls', 11), guarded('mtls-jwt', 15), guarded('mtls-jwt', 16)];
  assert.match(securityFinding(groupsOf(runs)).join(), /^Mutual TLS with tokens, over TLS: /);
});

test('in a sweep each load is held against its own', () => {
  const at = (value: number) => ({ sweep: { key: 'ratePerSecond', value } });
  const runs = [guarded('plain', 10, at(1)), guarded('tls', 20, at(1)), guarded('plain', 4, at(2))];
  const servers = protectedServers(groupsOf([...runs, guarded('tls', 8, at(2))]));
  assert.deepEqual(
    servers.map(({ base, others }) => [base.group.sweep?.value, others[0]?.group.sweep?.value]),
    [
      [1, 1],
      [2, 2],
    ],
  );
});

test('ratios are written alike everywhere', () => {
  assert.deepEqual([1.004, 1.14, 0.97, 6.81, 0.143].map(ratioText), ['±0 %', '+14 %', '−3 %', '×6.8', '÷7']);
});

test('the headline tells the cost; servers are held against each other only as they are protected least', () => {
  const comparison = compareSources([{ name: '', result: sampleResult({ runs: securityRuns() }) }]);
  assert.match(
    comparisonHeadline(comparison),
    /^TLS: handshake p95 ×21, server memory ×2\.5 to ×3\.3 \(of 3 servers 1 [a-z ]+\), CPU per delivery \+18 %; mutual TLS with tokens: /,
  );
  const claimed = meaning(comparison.servers).filter(({ kind }) => kind === 'wins' || kind === 'ties');
  assert.ok(claimed.length > 0);
  for (const { text } of claimed) assert.doesNotMatch(text, /tls/);
  assert.equal(leastProtected(comparison.servers).length, 3);
});

test('what is open is asked by one command for all', () => {
  const runs = [guarded('plain', 10), guarded('tls', 15), guarded('mtls-jwt', 16)];
  const commands = meaning(groupsOf(runs)).flatMap(({ kind, command }) =>
    kind === 'cost' ? (command ?? []) : [],
  );
  assert.equal(commands.length, 1);
  assert.match(commands[0] ?? '', /--stage sse:shared --security plain,tls,mtls-jwt --scenario steady/);
});

test('terminal, Markdown and JSON tell the same', () => {
  const comparison = compareSources([{ name: '', result: sampleResult({ runs: securityRuns() }) }]);
  const rows = securityRows(comparison.servers);
  assert.equal(rows.length, 10);
  assert.deepEqual(rows[0]?.slice(0, 3), ['protection', 'handshake p50', 'handshake p95']);
  assert.match(rows[2]?.join(' ') ?? '', /^sse:shared tls .*×21/);
  const terminal = comparisonText(comparison, 100);
  assert.match(terminal, /sse:shared mtls-jwt +280 ms ×43/);
  assert.match(terminal, /in brackets where the intervals do not tell/);
  for (const line of terminal.split('\n')) assert.ok(line.startsWith('  npx ') || line.length <= 100, line);
  assert.match(
    comparisonMarkdown(comparison, []),
    /## What protection costs\n\n\| protection \| handshake p50/,
  );
  const json = JSON.parse(JSON.stringify(comparisonJson(comparison)));
  assert.equal(json.security.length, 3 * 2 * 9);
  assert.deepEqual(
    [json.security[0].server, json.security[0].kind, json.security[0].against, json.security[0].told],
    ['sse:shared', 'tls', 'plain', 'apart'],
  );
});

test('what a handshake holds depends on whether the schedule of connects was kept', () => {
  const { connections } = sampleRun();
  const at = (perSecond: number) => sampleRun({ connections: { ...connections, perSecond } });
  assert.match(connectPace([at(9_600)]), /every kind kept/);
  assert.match(connectPace([at(9_600), at(900)]), /a handshake holds the wait/);
  assert.match(connectPace([at(9_600), at(900)]), /Those that kept the schedule could take more/);
  assert.doesNotMatch(connectPace([at(3_000), at(900)]), /kept the schedule/);
});

test('refusals are added up by reason', () => {
  const security = (count: number): Run['security'] => ({
    ...sampleRun().security,
    unauthenticated: [{ reason: 'tokenExpired', count }],
  });
  assert.deepEqual(unauthenticatedOf([2, 0, 3].map((count) => sampleRun({ security: security(count) }))), [
    { reason: 'tokenExpired', count: 5 },
  ]);
});

test('where all servers share connections alike, the headline speaks of streams, and a note of their shape', () => {
  const { plan, connections } = sampleRun();
  const shape = { plan: { ...plan, streamsPerConnection: 50 }, connections: { ...connections, tcp: 100 } };
  const runs = ['server-stream', 'bidi'].map((variant) => sampleRun({ stage: 'grpc', variant, ...shape }));
  const comparison = compareSources([{ name: '', result: sampleResult({ runs }) }]);
  assert.match(comparisonHeadline(comparison), /to 5\u202f000 streams, 50 on a connection, /);
  const texts = meaning(comparison.servers).map(({ text }) => text);
  assert.ok(
    texts.some((text) => /memory per stream/.test(text)),
    texts.join('\n'),
  );
  assert.ok(texts.some((text) => /grpc:bidi 5\u202f000 streams over 100 connections, 50 on each/.test(text)));
});
