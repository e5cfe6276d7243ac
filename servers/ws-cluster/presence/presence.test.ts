import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JoinTimes } from './joinTimes.ts';
import { decodeNotice, encodeNotice, type Notice } from './notice.ts';
import { Presence } from './presence.ts';

/** Nodes on a bus that a test may cut, in a time that it makes pass. */
class Nodes {
  nowMs = 0;
  readonly #nodes = new Map<string, Presence>();
  readonly #away = new Set<string>();

  add(node: string): Presence {
    const presence = new Presence({
      node,
      announce: (notice) => this.#spread(node, notice),
      // The timers are real and short; what expires is judged by the clock of the test.
      timings: { flushMs: 1, beatMs: 2 },
      clockMs: () => this.nowMs,
    });
    this.#nodes.set(node, presence);
    presence.connected();
    return presence;
  }

  /** Neither hears nor is heard. */
  cut(node: string): void {
    this.#away.add(node);
  }

  heal(node: string): void {
    this.#away.delete(node);
    this.#nodes.get(node)?.connected();
  }

  stop(): void {
    for (const presence of this.#nodes.values()) presence.stop();
  }

  #spread(from: string, notice: Buffer): void {
    if (this.#away.has(from)) return;
    for (const [node, presence] of this.#nodes) if (!this.#away.has(node)) presence.take(notice);
  }
}

/** Lets the short timers run until a condition holds; the runner's time-out bounds it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function within(nodes: Nodes, t: { after(work: () => void): void }): void {
  t.after(() => nodes.stop());
}

test('every node knows who is where, since when, and who left', async (t) => {
  const nodes = new Nodes();
  within(nodes, t);
  const [a, b] = [nodes.add('a'), nodes.add('b')];
  a.joined(1);
  nodes.nowMs = 500;
  a.joined(2);
  await until(() => b.find('a-2') !== null);
  const [first, second] = [b.find('a-1'), b.find('a-2')];
  assert.equal(first?.node, 'a');
  assert.equal(Date.parse(second?.since ?? '') - Date.parse(first?.since ?? ''), 500);
  assert.deepEqual(a.find('a-1'), first);
  a.left(1);
  await until(() => b.find('a-1') === null);
  assert.notEqual(b.find('a-2'), null);
  for (const unknown of ['a-3', 'c-1', 'a', '-1', 'a-', 'a-01', 'a-1e1', ''])
    assert.equal(b.find(unknown), null, unknown);
});

test('a node that comes late learns of those before it', async (t) => {
  const nodes = new Nodes();
  within(nodes, t);
  const a = nodes.add('a');
  for (let serial = 1; serial <= 40_000; serial++) a.joined(serial);
  const late = nodes.add('late');
  await until(() => late.find('a-40000') !== null);
  assert.notEqual(late.find('a-1'), null);
  assert.deepEqual(
    late.nodes().map(({ node, connections }) => [node, connections]),
    [
      ['late', 0],
      ['a', 40_000],
    ],
  );
});

test('what was lost while a node was away is found out by the count', async (t) => {
  const nodes = new Nodes();
  within(nodes, t);
  const [a, b] = [nodes.add('a'), nodes.add('b')];
  a.joined(1);
  await until(() => b.find('a-1') !== null);
  nodes.cut('b');
  a.left(1);
  a.joined(2);
  a.joined(3);
  b.joined(1);
  await until(() => a.find('a-3') !== null && b.find('b-1') !== null);
  nodes.heal('b');
  await until(() => b.find('a-3') !== null && b.find('a-1') === null && a.find('b-1') !== null);
});

test('the connections of a node that died expire, those of one that leaves go at once', async (t) => {
  const nodes = new Nodes();
  within(nodes, t);
  const [a, b, c] = [nodes.add('a'), nodes.add('b'), nodes.add('c')];
  b.joined(1);
  c.joined(1);
  await until(() => a.find('b-1') !== null && a.find('c-1') !== null);
  c.stop();
  assert.equal(a.find('c-1'), null);
  nodes.cut('b');
  nodes.nowMs = 4_999;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.notEqual(a.find('b-1'), null);
  nodes.nowMs = 5_001;
  await until(() => a.find('b-1') === null);
});

test('notices come through as they were', () => {
  const identity = { node: 'n-1', startedMs: 1_700_000_000_123 };
  const notices: Notice[] = [
    {
      ...identity,
      kind: 'changes',
      joined: [
        [1, 0],
        [4_000_000_000, 7],
      ],
      left: [3, 4],
    },
    { ...identity, kind: 'changes', joined: [], left: [] },
    { ...identity, kind: 'snapshot', isFirst: true, joined: [[5, 6]] },
    { ...identity, kind: 'snapshot', isFirst: false, joined: [] },
    { ...identity, kind: 'beat', count: 16_667 },
    { ...identity, kind: 'ask', of: 'n-2' },
    { ...identity, kind: 'hello' },
    { ...identity, kind: 'bye' },
  ];
  for (const notice of notices) assert.deepEqual(decodeNotice(encodeNotice(notice)), notice, notice.kind);
  for (const bytes of [Buffer.alloc(0), Buffer.from([9, 0]), Buffer.alloc(10, 9)]) {
    assert.throws(() => decodeNotice(bytes), RangeError);
  }
});

test('100,000 join times take less than 1.5 MB, and nothing once all have left', () => {
  const times = new JoinTimes();
  const before = process.memoryUsage().arrayBuffers;
  for (let serial = 1; serial <= 100_000; serial++) times.add(serial, serial);
  assert.equal(times.size, 100_000);
  assert.equal(times.find(77_777), 77_777);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_500_000);
  assert.equal([...times.entries()].length, 100_000);
  for (let serial = 1; serial <= 100_000; serial++) times.remove(serial);
  times.remove(5);
  assert.deepEqual([times.size, times.find(77_777), [...times.entries()]], [0, null, []]);
});
