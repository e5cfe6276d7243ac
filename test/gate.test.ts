// Beside other suites: bytes on the wire decide, and they are the same on a busy machine.
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GateResult } from '../contract/gate.ts';
import { readResult } from '../reports/resultFile.ts';
import { Bench, ROOT } from './endToEndBench.ts';
import { type ScratchRepository, withRepository } from './gateRepository.ts';
import { requireService } from './requireService.ts';

const python = requireService('python3');
const EXAMPLE = join(ROOT, 'docs', 'adapters', 'python');
/** What a server sends for each message, and the same with as much again in a comment. */
const SENDS = 'b"data: " + body + b"\\n\\n"';
const SENDS_TWICE = 'b": " + body + b"\\ndata: " + body + b"\\n\\n"';
const TINY = '--connections 20 --rooms 4 --rate 50 --duration 1s --warmup 0s --memory-levels 0 --probes 0';
/** CPU and latency are those of whatever else runs here meanwhile. */
const OFF = ['cpu.server.usPerDelivery', 'latencyUs.delivery.p99', 'io.server.syscallsPerDelivery'];

/** The example that is printed, in a repository, and a later commit of it. */
async function commitExample(scratch: ScratchRepository): Promise<void> {
  for (const name of ['server.py', 'bench.config.ts'])
    await cp(join(EXAMPLE, name), join(scratch.folder, name));
  await mkdir(join(scratch.folder, 'node_modules'));
  await symlink(ROOT, join(scratch.folder, 'node_modules', 'pushbench'));
  const before = await readFile(join(EXAMPLE, 'server.py'), 'utf8');
  assert.ok(before.includes(SENDS));
  await scratch.commit({ '.gitignore': 'node_modules\nlock\nresult\n', 'server.py': before });
  await scratch.commit({ 'server.py': before.replace(SENDS, SENDS_TWICE) });
}

test('the config of the example is of ten lines', async () => {
  const lines = (await readFile(join(EXAMPLE, 'bench.config.ts'), 'utf8')).trim().split('\n');
  assert.ok(lines.length <= 10, `${lines.length} lines`);
});

test(
  'a commit whose server sends twice the bytes fails against the one before it',
  { skip: python.skip },
  () =>
    withRepository(async (scratch) => {
      await commitExample(scratch);
      const out = join(scratch.folder, 'result');
      const off = OFF.map((path) => `${path}=off`).join(',');
      const sides = ['--base', 'HEAD~1', '--head', 'main', '--blocks', '6', '--tolerance', off];
      const bench = new Bench(scratch.folder, ['gate', ...sides, '--out', out, ...TINY.split(' ')]);
      const { code, stdout, stderr } = await bench.ended;
      assert.equal(code, 4, stderr + stdout);
      assert.match(stdout, /^FAIL/);
      assert.match(stderr, /cost +6 blocks x 4 runs[\s\S]*Block 6 of 6/);

      const gate: GateResult = JSON.parse(await readFile(join(out, 'gate.json'), 'utf8'));
      assert.deepEqual([gate.verdict, gate.status, gate.mode], ['FAIL', 'complete', 'blocks']);
      assert.ok(gate.blocks.length >= 6);
      assert.equal(gate.head.commit, (await scratch.git('rev-parse', 'main')).trim());
      assert.equal(gate.base.commit, (await scratch.git('rev-parse', 'main~1')).trim());
      const of = (path: string) => gate.metrics.find((metric) => metric.path === path);
      const wire = of('wire.bytesPerDelivery');
      assert.deepEqual([wire?.role, wire?.verdict], ['gate', 'FAIL']);
      // Of 256 bytes each, and the frame around them.
      assert.ok((wire?.low ?? 0) > 0.9 && (wire?.high ?? 2) < 1.1, `${wire?.low} to ${wire?.high}`);
      assert.equal(of('deliveries.lost')?.verdict, 'PASS');
      assert.equal(of('cpu.server.usPerDelivery')?.role, 'info');

      const junit = await readFile(join(out, 'junit.xml'), 'utf8');
      assert.match(junit, /failures="1"/);
      const [base, head] = [await readResult(join(out, 'base')), await readResult(join(out, 'head'))];
      assert.equal(base.runs.length, 2 * gate.blocks.length);
      assert.equal(head.runs.length, base.runs.length);
      const orders = [...base.runs, ...head.runs].map(({ order }) => order).sort((a, b) => a - b);
      assert.deepEqual(
        orders,
        orders.map((_, i) => i),
      );
      assert.equal(base.labels.gate, 'base');
      assert.equal(base.labels.commit, gate.base.commit);
      assert.equal((await scratch.git('worktree', 'list')).trim().split('\n').length, 1);
    }),
);
