// A process that does nothing, with or without the sampler that each role carries; tells the CPU time that it took.
import { setTimeout as delay } from 'node:timers/promises';
import { InProcessSampler } from '../runners/samplers/inProcess.ts';

/** For what a process does once, when it has just started. */
const SETTLE_MS = 1_000;

const [which, forMs] = process.argv.slice(2);
const sampler = which === 'with' ? new InProcessSampler() : null;
sampler?.start();
await delay(SETTLE_MS);
const before = process.cpuUsage();
const startMs = performance.now();
await delay(Number(forMs));
const { user, system } = process.cpuUsage(before);
const elapsedMs = performance.now() - startMs;
sampler?.stop();
process.stdout.write(JSON.stringify({ cpuUs: user + system, elapsedMs }));
