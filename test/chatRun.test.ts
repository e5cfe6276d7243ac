import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, startRun, withFolder } from './endToEndBench.ts';

const CONNECTIONS = 40;
const ROOMS = 4;
const MESSAGES = 100;
const CHAT = [
  ...`--scenario chat --connections ${CONNECTIONS} --rooms ${ROOMS} --probes 6 --rate 50 --half-close 0.3`.split(
    ' ',
  ),
  ...'--warmup 500ms --duration 2s --profile none'.split(' '),
];

describe('chat', { concurrency: 3 }, () => {
  test('clients of several stages speak, each word reaches every member, and who ended its half still hears', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...CHAT, '--stage', 'ws,sse,grpc:bidi']);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      assert.equal(result.runs.length, 3);
      for (const { stage, chat, deliveries, publish, processes, connections } of result.runs) {
        assert.ok(chat && deliveries && publish, stage);
        assert.equal(
          processes.some(({ role }) => role === 'publisher'),
          false,
          'the clients are the publisher',
        );
        assert.deepEqual([publish.attempted, publish.sent], [MESSAGES, MESSAGES], stage);
        const members = CONNECTIONS / ROOMS;
        assert.deepEqual([deliveries.expected, deliveries.lost], [MESSAGES * members, 0], stage);
        assert.deepEqual([deliveries.received, deliveries.duplicated], [MESSAGES * members, 0], stage);
        assert.equal(chat.messages, MESSAGES);
        assert.ok(chat.typing > MESSAGES / 4 && chat.typing < (MESSAGES * 3) / 4, stage);
        assert.equal(chat.echoUs.count, MESSAGES, 'every sender saw its own word');
        assert.equal(chat.halfClosedReceived, chat.halfClosedExpected);
        assert.equal(connections.dropped, 0, stage);
      }
      const [ws, sse, grpc] = result.runs.map(({ chat }) => chat);
      assert.ok(ws && sse && grpc);
      assert.deepEqual([ws.uplink, sse.uplink, grpc.uplink], ['stream', 'post', 'stream']);
      assert.equal(ws.halfClosed, 0, 'a WebSocket has no half-close');
      assert.ok(ws.halfCloseRefused > 0);
      assert.deepEqual([sse.halfClosed, sse.halfCloseRefused], [ws.halfCloseRefused, 0]);
      assert.deepEqual([grpc.halfClosed, grpc.halfCloseRefused], [ws.halfCloseRefused, 0]);
      assert.ok(sse.halfClosedExpected > 0);
      const acks = result.runs.map(({ publish }) => publish?.ackUs?.count ?? null);
      assert.deepEqual(acks, [null, MESSAGES, null], 'what is said on a stream is not answered');
      assert.equal(ws.tcpConnections, CONNECTIONS);
      const speaking = CONNECTIONS - sse.halfClosed;
      assert.ok(
        (sse.tcpConnections ?? 0) > CONNECTIONS && (sse.tcpConnections ?? 0) <= CONNECTIONS + speaking,
      );
      const page = await readFile(join(run.out, 'report.html'), 'utf8');
      assert.match(page, /What does it take for clients to speak\?/);
      assert.match(page, /echo latency, p99/);
    }));

  test('an interrupt hushes the clients, and what they said until then is told', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...CHAT, '--stage', 'sse', '--duration', '60s']);
      await run.says(/^ {2}warmup/m);
      run.child.kill('SIGINT');
      const { code, stderr } = await run.ended;
      assert.equal(code, 130, stderr);
      const [{ publish, deliveries }] = (await run.result()).runs;
      assert.ok(publish && deliveries, 'what was measured is written');
      assert.equal(publish.unsent, 0, 'what was not due yet was not left unsent');
      assert.deepEqual([publish.attempted, deliveries.lost], [publish.sent, 0]);
    }));

  test('refuses what cannot speak', () =>
    withFolder(async (folder) => {
      for (const [args, why] of [
        ['--stage poll', 'poll:conditional, whose clients say nothing'],
        ['--stage ws --nodes 2', '2 nodes of ws:prepared without a bus'],
        ['--stage ws --scenario ceiling --publish-via clients', 'procedure ceiling'],
      ]) {
        const { code, stderr } = await startRun(folder, ['--scenario', 'chat', ...args.split(' ')]).ended;
        assert.equal(code, 2, stderr);
        assert.ok(stderr.includes(why), stderr);
      }
    }));
});
