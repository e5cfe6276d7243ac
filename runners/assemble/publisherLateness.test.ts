import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { encodeHistogram, initHistograms, newHistogram, recordUs } from '../recorders/histograms.ts';
import type { ProcessSample } from '../samplers/process.ts';
import { type PublishedWindow, publisherLateness } from './publisherLateness.ts';

before(initHistograms);

function histogramOf(us: number): string {
  const histogram = newHistogram();
  recordUs(histogram, us);
  const encoded = encodeHistogram(histogram);
  histogram.destroy();
  return encoded;
}

function edge(atUs: number, over: Partial<ProcessSample> = {}): PublishedWindow['before'] {
  const sample: ProcessSample = {
    pid: 7,
    atUs,
    rssBytes: null,
    cpuUserUs: null,
    cpuSystemUs: null,
    cpuTotalUs: 0,
    runDelayUs: 0,
    runSlices: null,
    syscalls: null,
    openFiles: null,
    threads: null,
    state: null,
    startTicks: null,
    ...over,
  };
  return { snapshot: { roles: { publisher: [sample] } } };
}

/** Messages went out 400 ms late, of which the publisher began 1 ms late; a window of two seconds. */
function latenessOf(over: Partial<ProcessSample>): number | null {
  const publisher = { lateness: histogramOf(1_000), sendLag: histogramOf(400_000) };
  return publisherLateness({ publisher, before: edge(0), after: edge(2_000_000, over) });
}

const near = (value: number | null, expected: number) =>
  assert.ok(value !== null && Math.abs(value - expected) <= expected / 1_000, String(value));

test('what waited for the server is not the lateness of a publisher that had time', () => {
  near(latenessOf({ cpuTotalUs: 1_000_000, runDelayUs: 790_000 }), 1_000);
});

test('a publisher that worked all the time, or waited for a core to, may have kept all that waited', () => {
  near(latenessOf({ cpuTotalUs: 1_850_000 }), 400_000);
  near(latenessOf({ cpuTotalUs: 1_000_000, runDelayUs: 810_000 }), 400_000);
});

test('nobody published, or clients that speak did, in processes of their own', () => {
  assert.equal(publisherLateness(null), null);
  assert.equal(publisherLateness({ publisher: null, before: edge(0), after: edge(1) }), null);
  const publisher = { lateness: histogramOf(1_000), sendLag: histogramOf(1_000) };
  const none = { snapshot: { roles: { publisher: [] } } };
  near(publisherLateness({ publisher, before: none, after: none }), 1_000);
});
