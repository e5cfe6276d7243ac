import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { SelftestRow } from '../../contract/selftest.ts';
import { SELFTEST_CASES } from '../../runners/selftest/cases.ts';
import { judge } from './judge.ts';
import { mutated } from './mutate.ts';
import { MUTATIONS } from './mutations.ts';

const ROOT = new URL('../../', import.meta.url);

test('each mutation changes its source in one place', () => {
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
  for (const mutation of MUTATIONS) {
    const source = readFileSync(new URL(mutation.file, ROOT), 'utf8');
    assert.notEqual(mutated(source, mutation), source);
  }
});

test('each is to be noticed by cases that there are', () => {
  const names = SELFTEST_CASES.map(({ name }) => name);
  for (const { name, cases } of MUTATIONS) {
    assert.ok(cases.length > 0, name);
    for (const each of cases) assert.ok(names.includes(each), `${name}: ${each}`);
  }
});

test('a text that is not there, or there twice, is no mutation', () => {
  const mutation = { ...MUTATIONS[0], file: 'a.ts', find: 'b', replace: 'c' };
  assert.throws(() => mutated('a', mutation), /occurs 0 times in a\.ts, not once/);
  assert.throws(() => mutated('b, b', mutation), /occurs 2 times/);
  assert.equal(mutated('a $& b', { ...mutation, replace: '$&' }), 'a $& $&', 'taken as it stands');
});

function outcome(...verdicts: SelftestRow['verdict'][]) {
  const rows = verdicts.map((verdict, i) => ({
    ...{ case: 'one', claim: `claim ${i}`, expected: '', measured: 'boom', tolerance: '', figures: null },
    verdict,
  }));
  return { cases: [{ name: 'one', title: 'One', attempts: 1, disturbances: [], durationMs: 1, rows }] };
}

test('a claim that fails catches a mutation; one that holds lets it survive; one that was not shown says nothing', () => {
  const [mutation] = MUTATIONS;
  assert.deepEqual(judge(mutation, outcome('pass', 'fail', 'fail', 'fail')), {
    mutation: mutation.name,
    description: mutation.description,
    caughtBy: ['one: claim 1, and 2 more'],
    verdict: 'caught',
  });
  assert.equal(judge(mutation, outcome('pass', 'info')).verdict, 'survived');
  assert.equal(judge(mutation, outcome('void', 'fail')).verdict, 'caught');
  assert.throws(() => judge(mutation, outcome('pass', 'void')), /the host disturbed one: claim 1/);
  const brokenOff = outcome('fail');
  brokenOff.cases[0].title = 'claim 0';
  assert.throws(() => judge(mutation, brokenOff), /claim 0: boom/, 'a crash is not a claim that fails');
});
