import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selfByArea, topSelf } from './flameTree.ts';
import { foldProfile } from './foldProfile.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

const CPU = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 7] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('(garbage collector)') },
    { id: 4, callFrame: frame('publish', 'file:///x/servers/sse/hub.ts', 9), children: [5, 6] },
    { id: 5, callFrame: frame('writeUtf8String') },
    { id: 6, callFrame: frame('write', 'node:net', 800) },
    { id: 7, callFrame: frame('publish', 'file:///x/servers/sse/hub.ts', 9), children: [] },
  ],
  samples: [2, 3, 4, 5, 6, 7],
  timeDeltas: [0, 100, 10, 20, 30, 50],
};

test('idle time is dropped, equal frames of one caller are one', () => {
  const folded = foldProfile(CPU);
  assert.ok(folded);
  assert.equal(folded.samples, 5);
  assert.equal(folded.root.total, 160);
  assert.deepEqual(
    [...folded.root.children.values()].map(({ name, total }) => [name, total]),
    [
      ['(garbage collector)', 10],
      ['publish', 150],
    ],
  );
});

test('areas tell garbage collection, socket write and server code apart', () => {
  const folded = foldProfile(CPU);
  assert.ok(folded);
  assert.deepEqual(
    selfByArea(folded.root).map(({ area, self }) => [area, self]),
    [
      ['write', 80],
      ['server', 70],
      ['gc', 10],
    ],
  );
  assert.equal(topSelf(folded.root, 1)[0]?.self, 70);
});

test('a heap profile folds by bytes', () => {
  const leaf = { callFrame: frame('encode', 'file:///x/servers/sse/encode.ts'), selfSize: 300, children: [] };
  const folded = foldProfile({
    head: { callFrame: frame('(root)'), selfSize: 0, children: [leaf, { ...leaf, selfSize: 200 }] },
    samples: [{}, {}],
  });
  assert.equal(folded?.unit, 'bytes');
  assert.equal(folded?.root.total, 500);
  assert.equal(folded?.root.children.size, 1);
});

test('anything else is no profile', () => {
  assert.equal(foldProfile({ nodes: 1 }), null);
  assert.equal(foldProfile(null), null);
});
