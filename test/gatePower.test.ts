import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CALM, ROUGH, simulate } from './gatePower/simulate.ts';
import { BLOCKS, CVS, powerRow, TABLES, withPower } from './gatePower/table.ts';

const document = await readFile(new URL('../docs/gate.md', import.meta.url), 'utf8');

test('docs/gate.md has a row for every situation, and one of each table is what the rule still gives', () => {
  const rows = document.split('\n').filter((line) => /^\| \d+ % \|/.test(line));
  assert.equal(rows.length, TABLES.length * CVS.length * BLOCKS.length);
  for (const [i, table] of TABLES.entries()) {
    const own = rows.slice(i * CVS.length * BLOCKS.length, (i + 1) * CVS.length * BLOCKS.length);
    const at = i * 4;
    assert.equal(own[at], powerRow(table, CVS[Math.floor(at / BLOCKS.length)], BLOCKS[at % BLOCKS.length]));
  }
});

/** Three standard errors below, so that a right rule stays above with every seed. */
const below = (share: number, gates: number) => share - 3 * Math.sqrt((share * (1 - share)) / gates);

test('intervals hold the true change as often as they say, in calm and in rough weather', () => {
  const gates = 1_000;
  for (const weather of [CALM, ROUGH]) {
    for (const blocks of [6, 8]) {
      const { covered } = simulate({ cv: 0.05, effect: 0.1, blocks, weather }, 0.05, gates, 7);
      assert.ok(covered >= below(0.95, gates), `${weather.name}, ${blocks} blocks: ${covered}`);
    }
  }
});

test('a harmless change hardly ever fails, and a large one is caught', () => {
  const situation = { cv: 0.05, blocks: 8, weather: CALM };
  const harmless = simulate({ ...situation, effect: 0 }, 0.05, 1_000, 7);
  assert.ok(harmless.fail <= 0.005);
  const large = simulate({ ...situation, effect: 0.2 }, 0.05, 1_000, 7);
  assert.ok(large.fail >= 0.99);
  assert.equal(large.pass, 0);
});

test('a change as large as the tolerance fails in no more than 1 of 40 gates', () => {
  const { fail } = simulate({ cv: 0.05, effect: 0.05, blocks: 8, weather: CALM }, 0.05, 2_000, 11);
  assert.ok(fail <= 0.025 + 3 * Math.sqrt((0.025 * 0.975) / 2_000));
});

test('text is put between the markers, and only there', () => {
  const page = 'before\n<!-- gate:power -->\n\nold\n\n<!-- /gate:power -->\nafter';
  assert.equal(withPower(page, 'new'), page.replace('old', 'new'));
  assert.throws(() => withPower('no markers', 'new'), /lacks <!-- gate:power -->/);
});
