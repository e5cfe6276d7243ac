import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BenchError } from '../../contract/errors.ts';
import { countBusySamples, startCpuProfile } from './cpu.ts';
import { startHeapProfile } from './heap.ts';

function folderFor(t: { after(callback: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function burnWithAName(milliseconds: number): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user + system > milliseconds * 1000) return;
  }
}

let kept: unknown = null;

function allocateWithAName(rounds: number): void {
  for (let i = 0; i < rounds; i++) kept = new Array(10_000).fill(i);
}

function* callFrames(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  if ('callFrame' in node && typeof node.callFrame === 'object' && node.callFrame !== null) {
    if ('functionName' in node.callFrame) yield String(node.callFrame.functionName);
  }
  if ('children' in node && Array.isArray(node.children)) {
    for (const child of node.children) yield* callFrames(child);
  }
}

test('a CPU profile names the function that burns, and counts busy samples', async (t) => {
  const path = join(folderFor(t), 'a.cpuprofile');
  const profiling = await startCpuProfile();
  burnWithAName(200);
  const result = await profiling.stop(path);
  const { nodes, samples } = JSON.parse(readFileSync(path, 'utf8'));
  const names = nodes.map((node: unknown) => [...callFrames({ ...Object(node), children: [] })][0]);
  assert.ok(names.includes('burnWithAName'));
  assert.equal(result.path, path);
  assert.ok(result.samples > 100 && result.samples <= samples.length, `${result.samples} samples`);
});

test('idle samples are not counted', () => {
  const frame = (functionName: string) => ({
    functionName,
    scriptId: '0',
    url: '',
    lineNumber: 0,
    columnNumber: 0,
  });
  const nodes = [
    { id: 1, callFrame: frame('(root)') },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('work') },
  ];
  const profile = { nodes, startTime: 0, endTime: 1, samples: [2, 3, 2, 3, 3], timeDeltas: [1, 1, 1, 1, 1] };
  assert.equal(countBusySamples(profile), 3);
  assert.equal(countBusySamples({ nodes, startTime: 0, endTime: 1 }), 0);
});

test('a heap profile names the function that allocates, garbage included', async (t) => {
  const path = join(folderFor(t), 'a.heapprofile');
  const profiling = await startHeapProfile();
  allocateWithAName(2_000);
  const result = await profiling.stop(path);
  assert.ok(kept);
  const { head } = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok([...callFrames(head)].includes('allocateWithAName'));
  // 2,000 x 10,000 elements of 4 or 8 bytes, one sample per 32 KiB: nearly all of it is garbage by now.
  assert.ok(result.samples > 1_000, `${result.samples} samples`);
});

test('a profile that cannot be written says where', async (t) => {
  const path = join(folderFor(t), 'missing', 'a.cpuprofile');
  const profiling = await startCpuProfile({ intervalUs: 1_000 });
  await assert.rejects(profiling.stop(path), (error) => {
    assert.ok(error instanceof BenchError);
    assert.ok(error.message.includes(path));
    return true;
  });
  const heap = await startHeapProfile({ intervalBytes: 65_536 });
  await assert.rejects(heap.stop(path), BenchError);
});
