import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetSettings } from '../../contract/config.ts';
import { launchOf } from '../../test/launchedServer.ts';
import { PLAIN_TARGET } from '../../test/plainTarget.ts';
import { readProcess } from '../samplers/process.ts';
import type { ProcessTable, TableRow } from '../samplers/processTable.ts';
import { NO_PIDS, type Snapshot, takeSnapshot } from '../session/snapshot.ts';
import { workOfOthers } from './besideUs.ts';

const COORDINATOR = process.pid;
const SERVER = COORDINATOR + 1;
const STRANGER = COORDINATOR + 2;

const row = (pid: number, parent: number, ownUs: number): TableRow => ({
  pid,
  parent,
  startTicks: 1,
  isKernel: false,
  ownUs,
  reapedUs: 0,
});

/** The server is below the coordinator, which starts it. */
function tableAt(atUs: number, serverUs: number, strangersUs: number): ProcessTable {
  const rows = [row(COORDINATOR, 1, 0), row(SERVER, COORDINATOR, serverUs), row(STRANGER, 1, strangersUs)];
  return { atUs, rows: new Map(rows.map((each) => [each.pid, each])) };
}

/** A second in which the server works for 0.8 s and somebody else for 0.3 s. */
function othersBeside(given: Partial<TargetSettings>, isServerSeen: boolean): number | null {
  const empty = takeSnapshot({ ...NO_PIDS, coordinator: [COORDINATOR] });
  const seen = readProcess(COORDINATOR) ?? assert.fail('no process');
  const server = isServerSeen ? [{ ...seen, pid: SERVER }] : [];
  const snapshot: Snapshot = { ...empty, roles: { ...empty.roles, server } };
  const target = { ...PLAIN_TARGET, ...given };
  const endpoint = { host: '127.0.0.1', port: 1 };
  return workOfOthers(
    { subject: { kind: 'target', target, endpoint } },
    {
      before: { snapshot, everybody: tableAt(0, 100_000, 500_000) },
      after: { snapshot, everybody: tableAt(1_000_000, 900_000, 800_000) },
    },
  );
}

test('beside a server that the run started, the work of others can be told', () => {
  assert.equal(othersBeside({ launch: launchOf('./srv', '/') }, true), 0.3);
});

test('it cannot where the server may be among the others', () => {
  assert.equal(othersBeside({ launch: launchOf('./srv', '/') }, false), null, 'in a container, say');
  assert.equal(othersBeside({ pids: [SERVER] }, true), null, 'one of several, perhaps');
});
