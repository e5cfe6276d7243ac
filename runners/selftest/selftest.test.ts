import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { Disturbed } from './disturbances.ts';
import { exactly, told } from './rows.ts';
import { selftest } from './selftest.ts';
import type { SelftestCase } from './selftestCase.ts';

const options = (signal = new AbortController().signal) => ({
  quick: true,
  seed: 1,
  progress: () => {},
  signal,
});

/** A case that the host disturbs a number of times before it has its row. */
function disturbed(times: number): SelftestCase {
  let left = times;
  return {
    name: 'one',
    title: 'One thing',
    run: async () => {
      if (left-- > 0) throw new Disturbed(['other work on the host 0.50 cores']);
      return [exactly('lost', 3, 3)];
    },
  };
}

const failing: SelftestCase = {
  name: 'two',
  title: 'Another',
  run: async () => [exactly('lost', 3, 4), told('beside it', '1')],
};

const idle = async () => true;

test('an attempt that the host disturbed is made again once the host is idle, and the table says so', async () => {
  let waits = 0;
  const { verdict, cases } = await selftest([disturbed(2), disturbed(0)], options(), async () => {
    waits++;
    return true;
  });
  assert.equal(waits, 2, 'before each further attempt, and before no first one');
  assert.equal(verdict, 'pass');
  assert.equal(cases[0].attempts, 3);
  assert.deepEqual(cases[0].disturbances, Array(2).fill('other work on the host 0.50 cores'));
  assert.deepEqual(
    cases.flatMap(({ rows }) => rows.map((row) => [row.case, row.verdict])),
    [
      ['one', 'pass'],
      ['one', 'pass'],
    ],
  );
});

test('a host that is never idle is waited for in vain once, and again only after a case that it let be', async () => {
  let waits = 0;
  const cases = [disturbed(2), disturbed(1), disturbed(0), disturbed(2)];
  await selftest(cases, options(), async () => {
    waits++;
    return false;
  });
  assert.equal(waits, 2);
});

test('a case that was disturbed every time has shown nothing', async () => {
  const { verdict, cases } = await selftest([disturbed(3)], options(), idle);
  assert.equal(verdict, 'not shown');
  assert.deepEqual(
    cases[0].rows.map((row) => row.verdict),
    ['void'],
  );
});

test('one row that fails fails the whole; what is told does not count', async () => {
  const { verdict, status, cases } = await selftest([disturbed(0), failing], options());
  assert.equal(verdict, 'fail');
  assert.equal(status, 'complete');
  assert.equal(cases.length, 2);
  assert.equal((await selftest([disturbed(0)], options())).verdict, 'pass');
});

test('a case that breaks is a row that failed, in the words of the error, and the others keep theirs', async () => {
  const breaking: SelftestCase = {
    name: 'four',
    title: 'Broken',
    run: async () => {
      throw new BenchError('No free ports.', { exitCode: EXIT.usage, hint: 'Wait a minute.' });
    },
  };
  const { status, verdict, cases } = await selftest([breaking, disturbed(0)], options());
  assert.deepEqual([status, verdict], ['complete', 'fail']);
  assert.deepEqual(
    cases.map(({ attempts, rows: [row] }) => [attempts, row.verdict, row.measured]),
    [
      [1, 'fail', 'No free ports. Wait a minute.'],
      [1, 'pass', '3'],
    ],
  );
});

test('an interrupted one has what was shown until then, and has not passed', async () => {
  const abort = new AbortController();
  const interrupting: SelftestCase = {
    name: 'three',
    title: 'Interrupted',
    run: async () => {
      abort.abort();
      throw new Error('interrupted');
    },
  };
  const { status, verdict, cases } = await selftest(
    [disturbed(0), interrupting, failing],
    options(abort.signal),
  );
  assert.deepEqual([status, verdict, cases.length], ['aborted', 'not shown', 1]);
});
