import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

const BASE_RATE = 100;

/** A base load, ten times of it for five seconds, and the base again: how far latency goes, and how soon it is back. */
export const spike: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'spike',
  summary: '5,000 connections in 100 rooms, 100 publishes/s, ten times as many for 5 s, then 100 again',
  procedure: 'load',
  // Length and mean of the shape below.
  durationMs: 30_000,
  ratePerSecond: 2.5 * BASE_RATE,
  stages: [
    { durationMs: 10_000, ratePerSecond: BASE_RATE },
    { durationMs: 5_000, ratePerSecond: 10 * BASE_RATE },
    { durationMs: 15_000, ratePerSecond: BASE_RATE },
  ],
  memoryLevels: 0,
};
