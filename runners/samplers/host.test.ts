import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { Host } from '../../contract/result.ts';
import { readHost } from './host.ts';
import { differenceOf } from './hostDifference.ts';
import { readCheckout, readHostFacts } from './hostFacts.ts';
import { readLimits, UNLIMITED } from './limits.ts';
import { pageBytes } from './pageBytes.ts';
import { NO_PROC, ON_LINUX, PROC_FIXTURE } from './procFixture.ts';

const KIB = 1024;

test('parses memory, sockets, CPU, accept queues, swapping and pressure', () => {
  const { atUs, ...sample } = readHost(PROC_FIXTURE);
  assert.ok(atUs > 0);
  assert.deepEqual(sample, {
    memTotalBytes: 24_684_092 * KIB,
    memFreeBytes: 24_165_892 * KIB,
    buffersBytes: 1_496 * KIB,
    cachedBytes: 241_988 * KIB,
    usedBytes: (24_684_092 - 24_165_892 - 1_496 - 241_988) * KIB,
    slabBytes: 155_076 * KIB,
    swapUsedBytes: 1024 * KIB,
    sockMemBytes: 150 * pageBytes(),
    tcpInUse: 13,
    timeWait: 25,
    cpu: {
      userUs: 80_600_000,
      systemUs: 47_570_000,
      irqUs: 30_000,
      softirqUs: 940_000,
      stealUs: 230_000,
      idleUs: 1_696_510_000,
      iowaitUs: 5_140_000,
      busyUs: 129_140_000,
    },
    listenOverflows: 12,
    listenDrops: 13,
    swapInPages: 21,
    swapOutPages: 34,
    pressure: { cpuUs: 16_663_707, memoryUs: 77, ioUs: 4_455_492 },
  });
});

test('says null for everything where there is no /proc', () => {
  const { atUs, cpu, pressure, ...rest } = readHost(NO_PROC);
  assert.ok(atUs > 0);
  assert.equal(cpu, null);
  assert.deepEqual(pressure, { cpuUs: null, memoryUs: null, ioUs: null });
  assert.ok(Object.values(rest).every((value) => value === null));
  const { seconds, ...difference } = differenceOf(readHost(NO_PROC), readHost(NO_PROC));
  assert.ok(seconds > 0);
  assert.ok(Object.values(difference).every((value) => value === null));
});

test('difference gives cores, shares and changes', () => {
  const before = readHost(PROC_FIXTURE);
  assert.ok(before.cpu);
  const { cpu } = before;
  const after = {
    ...before,
    atUs: before.atUs + 1e6,
    slabBytes: (before.slabBytes ?? 0) + 5_000,
    listenOverflows: 15,
    cpu: {
      ...cpu,
      userUs: cpu.userUs + 500_000,
      softirqUs: cpu.softirqUs + 100_000,
      busyUs: cpu.busyUs + 600_000,
      stealUs: cpu.stealUs + 20_000,
      idleUs: cpu.idleUs + 1_380_000,
    },
    pressure: { ...before.pressure, cpuUs: (before.pressure.cpuUs ?? 0) + 250_000 },
  };
  const difference = differenceOf(before, after);
  assert.equal(difference.seconds, 1);
  assert.equal(difference.userCores, 0.5);
  assert.equal(difference.busyCores, 0.6);
  assert.equal(difference.busyShare, 0.3);
  assert.equal(difference.softirqShare, 0.05);
  assert.equal(difference.stealShare, 0.01);
  assert.equal(difference.slabBytes, 5_000);
  assert.equal(difference.listenOverflows, 3);
  assert.equal(difference.cpuPressureShare, 0.25);
  assert.equal(difference.memoryPressureShare, 0);
});

test('reads this host', ON_LINUX, () => {
  const sample = readHost();
  assert.ok(sample.usedBytes && sample.memTotalBytes && sample.usedBytes < sample.memTotalBytes);
  assert.ok(sample.cpu && sample.cpu.busyUs > 0 && sample.cpu.idleUs > 0);
  assert.ok(sample.slabBytes && sample.slabBytes > 0);
  assert.notEqual(sample.timeWait, null);
  assert.notEqual(sample.listenOverflows, null);
});

test('parses the limits; unlimited is a number', () => {
  const limits = readLimits(PROC_FIXTURE);
  assert.deepEqual(limits, {
    openFiles: { soft: 20_000, hard: UNLIMITED },
    somaxconn: 4_096,
    ephemeralPorts: [32_768, 60_999],
    memAvailableBytes: 24_254_780 * KIB,
    memTotalBytes: 24_684_092 * KIB,
    cores: limits.cores,
    tcpMemPages: [287_901, 383_868, 575_802],
  });
});

test('limits without /proc come from Node, and are the same', ON_LINUX, () => {
  const elsewhere = readLimits(NO_PROC);
  assert.deepEqual(elsewhere.openFiles, readLimits().openFiles);
  assert.equal(elsewhere.memTotalBytes, readLimits().memTotalBytes);
  assert.equal(elsewhere.somaxconn, null);
  assert.equal(elsewhere.ephemeralPorts, null);
  assert.equal(elsewhere.tcpMemPages, null);
  assert.ok(elsewhere.cores >= 1);
});

test('host facts are what a result holds, here and without /proc', () => {
  for (const facts of [readHostFacts(), readHostFacts('/', NO_PROC)]) {
    assert.ok(Value.Check(Host, facts), JSON.stringify([...Value.Errors(Host, facts)]));
    assert.match(facts.packages.typebox, /^\d+\.\d+\.\d+$/);
  }
});

test('a folder that is no checkout has no commit', () => {
  assert.deepEqual(readCheckout('/'), { gitCommit: null, gitDirty: null });
  assert.deepEqual(readCheckout(NO_PROC), { gitCommit: null, gitDirty: null });
});
