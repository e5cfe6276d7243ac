import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HostSample, readHost } from '../samplers/host.ts';
import { waitForIdleHost } from './idleHost.ts';

const IDLE: HostSample = readHost('/nowhere');
const cpu = (busyUs: number) => ({
  userUs: busyUs,
  systemUs: 0,
  irqUs: 0,
  softirqUs: 0,
  stealUs: 0,
  idleUs: 0,
  iowaitUs: 0,
  busyUs,
});

/** A host whose cores are in use as listed, one look after the other, the last for ever; pauses take no time. */
function hostOf(busyCores: readonly number[]) {
  let atUs = 0;
  let busyUs = 0;
  let looks = 0;
  return {
    looks: () => looks,
    read: (): HostSample => ({ ...IDLE, atUs, cpu: cpu(busyUs) }),
    pause: async (milliseconds: number) => {
      const cores = busyCores[Math.min(looks++, busyCores.length - 1)];
      atUs += milliseconds * 1_000;
      busyUs += cores * milliseconds * 1_000;
    },
  };
}

const signal = new AbortController().signal;

test('an idle host is taken after two looks', async () => {
  const host = hostOf([0.05]);
  assert.equal(await waitForIdleHost(signal, host), true);
  assert.equal(host.looks(), 2);
});

test('a gap between two bursts is not idle', async () => {
  const host = hostOf([1.5, 0, 1.5, 0, 0]);
  assert.equal(await waitForIdleHost(signal, host), true);
  assert.equal(host.looks(), 5);
});

test('a host that is never idle is waited for 10 s', async () => {
  const host = hostOf([1]);
  assert.equal(await waitForIdleHost(signal, host), false);
  assert.equal(host.looks(), 20);
});

test('a platform that does not tell counts as idle', async () => {
  let atUs = 0;
  const source = { read: () => ({ ...IDLE, atUs, cpu: null }), pause: async () => (atUs += 500_000) };
  assert.equal(await waitForIdleHost(signal, source), true);
});
