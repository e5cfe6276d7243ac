import { parentPort, workerData } from 'node:worker_threads';
import { nowUs } from '../../contract/clock.ts';
import { type AlarmMemory, TURN } from './alarmMemory.ts';

// Sleeps until the time that the other thread has set, tells it, and waits for the next one. A thread that waits on a word
// of memory wakes within tens of microseconds; a timer of the event loop counts in whole milliseconds.
const { turns, dueUs }: AlarmMemory = workerData;
let told = 0;

for (;;) {
  // Read before the time: where the time was set anew in between, the wait below ends at once.
  const turn = Atomics.load(turns, TURN);
  if (turn === told) {
    Atomics.wait(turns, TURN, turn);
    continue;
  }
  const leftMs = (dueUs[0] - nowUs()) / 1_000;
  if (leftMs > 0 && Atomics.wait(turns, TURN, turn, leftMs) !== 'timed-out') continue;
  told = turn;
  parentPort?.postMessage(null);
}
