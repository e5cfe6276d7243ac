import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { Run } from '../../contract/result.ts';
import { sampleRun } from '../../reports/testing/sampleRun.ts';
import { Interrupted } from '../session/interrupted.ts';
import type { GateTurn } from './blockOrder.ts';
import { type BlockHooks, type BlockPlan, measureBlocks } from './measureBlocks.ts';

const PLAN: BlockPlan = {
  blocks: 6,
  seed: 1,
  families: ['throughput'],
  only: null,
  expectedBlockMs: 10_000,
  deadlineUs: 3_600_000_000,
  deadlineText: '60 min',
};

const INVALID: Run['validity'] = {
  verdict: 'INVALID',
  reasons: [
    {
      code: 'generatorStalled',
      verdict: 'INVALID',
      families: ['throughput'],
      message: 'it stood still',
      figure: 1,
      bound: 0,
      unit: 'ms',
      advice: 'take another host',
    },
  ],
};

interface Called {
  readonly turn: GateTurn;
  readonly seed: number;
  readonly order: number;
}

/** Runs that take 2.5 s each of a clock of their own. */
function bench(of: (called: Called) => Run | Error = () => sampleRun()) {
  const calls: Called[] = [];
  const notes: string[] = [];
  const stop = new AbortController();
  let atUs = 0;
  const hooks: BlockHooks = {
    async run(turn, seed, order) {
      calls.push({ turn, seed, order });
      atUs += 2_500_000;
      const made = of({ turn, seed, order });
      if (made instanceof Error) throw made;
      return made;
    },
    faultOf: ({ abortReason }) => (abortReason?.startsWith('server: ') ? abortReason : null),
    progress: (event) => event.kind === 'note' && notes.push(event.text),
    signal: stop.signal,
    clock: () => atUs,
  };
  return { hooks, calls, notes, stop };
}

test('each block has two runs of each side with one seed, and the next block another', async () => {
  const { hooks, calls, notes } = bench();
  const { blocks, runs, abortReason, fault } = await measureBlocks(PLAN, hooks);
  assert.deepEqual([abortReason, fault], [null, null]);
  assert.deepEqual([blocks.length, runs.base.length, runs.head.length], [6, 12, 12]);
  assert.deepEqual(
    calls.map(({ order }) => order),
    Array.from({ length: 24 }, (_, i) => i),
  );
  for (const [i, { order, seconds }] of blocks.entries()) {
    const block = calls.slice(4 * i, 4 * i + 4);
    assert.equal(block.map(({ turn }) => (turn === 'base' ? 'A' : 'B')).join(''), order);
    assert.deepEqual(new Set(block.map(({ seed }) => seed)), new Set([PLAN.seed + i]));
    assert.equal(seconds, 10);
  }
  assert.equal(notes.length, 6);
  assert.match(notes[2], /^Block 3 of 6, (ABBA|BAAB), about 40 s left$/);
});

test('a block that was disturbed is made again, half as many as were asked for at most', async () => {
  const once = bench(({ order }) => sampleRun(order === 5 ? { validity: INVALID } : {}));
  const measured = await measureBlocks(PLAN, once.hooks);
  assert.equal(measured.blocks.length, 7);
  assert.match(once.notes[6], /in place of a disturbed one/);
  const always = bench(() => sampleRun({ validity: INVALID }));
  assert.equal((await measureBlocks(PLAN, always.hooks)).blocks.length, 9);
});

test('what disturbs only what is told and does not decide is no reason to measure again', async () => {
  const { hooks } = bench(() => sampleRun({ validity: INVALID }));
  assert.equal((await measureBlocks({ ...PLAN, families: ['memory'] }, hooks)).blocks.length, 6);
});

test('no block begins that would end after the time is over', async () => {
  const { hooks } = bench();
  const plan = { ...PLAN, deadlineUs: 34_000_000, deadlineText: '34 s' };
  const { blocks, abortReason } = await measureBlocks(plan, hooks);
  assert.equal(blocks.length, 3);
  assert.equal(abortReason, '--max-time 34 s was reached after 3 of 6 blocks');
});

test('time that is over for a block in place of a disturbed one takes nothing from what was asked for', async () => {
  const { hooks } = bench(({ order }) => sampleRun(order === 5 ? { validity: INVALID } : {}));
  const { blocks, abortReason } = await measureBlocks({ ...PLAN, deadlineUs: 60_000_000 }, hooks);
  assert.deepEqual([blocks.length, abortReason], [6, null]);
});

test('a server that ends in a run ends the gate, and its block does not count', async () => {
  const died = { status: 'aborted', abortReason: 'server: it ended' } as const;
  const { hooks } = bench(({ order, turn }) => sampleRun(order > 7 && turn === 'head' ? died : {}));
  const { blocks, runs, partial, fault, abortReason } = await measureBlocks(PLAN, hooks);
  assert.deepEqual([blocks.length, runs.base.length, runs.head.length], [2, 4, 4]);
  assert.equal(partial.head.length, 1);
  assert.equal(fault?.turn, 'head');
  assert.match(abortReason ?? '', /^head in block 3 failed: server: it ended$/);
});

test('a head that fails first of all is blamed only where base carries the load', async () => {
  const died = { status: 'aborted', abortReason: 'server: it ended' } as const;
  const one = bench(({ turn }) => sampleRun(turn === 'head' ? died : {}));
  const alone = await measureBlocks(PLAN, one.hooks);
  assert.equal(one.calls[0].turn, 'head');
  assert.deepEqual([alone.fault?.turn, alone.partial.base.length, alone.partial.head.length], ['head', 1, 1]);
  const both = await measureBlocks(PLAN, bench(() => sampleRun(died)).hooks);
  assert.equal(both.fault?.turn, 'base');
  assert.match(both.abortReason ?? '', /^base in block 1 failed/);
});

test('a server that does not even start is one that failed; an error of another kind is thrown', async () => {
  const noStart = new BenchError('it did not start\nits last words', {
    exitCode: EXIT.systemUnderTest,
    hint: 'look into its log',
  });
  const { hooks } = bench(({ turn }) => (turn === 'base' ? noStart : sampleRun()));
  const { fault, abortReason } = await measureBlocks(PLAN, hooks);
  assert.deepEqual(fault, { turn: 'base', why: noStart.message, hint: noStart.hint });
  assert.match(abortReason ?? '', /failed: it did not start$/);
  const broken = bench(() => new Error('a defect'));
  await assert.rejects(measureBlocks(PLAN, broken.hooks), /a defect/);
});

test('whoever interrupts keeps the blocks that were whole', async () => {
  const { hooks, stop } = bench(({ order }) => {
    if (order === 6) stop.abort();
    return order === 6 ? new Interrupted() : sampleRun();
  });
  const { blocks, runs, partial, abortReason, fault } = await measureBlocks(PLAN, hooks);
  assert.deepEqual([blocks.length, runs.base.length], [1, 2]);
  assert.equal(partial.base.length + partial.head.length, 2);
  assert.deepEqual([abortReason, fault], ['interrupted', null]);
});

test('beside a stored side the other one is measured alone, as often', async () => {
  const { hooks, calls, notes } = bench();
  const { runs } = await measureBlocks({ ...PLAN, only: 'head' }, hooks);
  assert.deepEqual([runs.base.length, runs.head.length, calls.length], [0, 12, 12]);
  assert.ok(calls.every(({ turn }) => turn === 'head'));
  assert.match(notes[0], /^Block 1 of 6, head twice/);
});
