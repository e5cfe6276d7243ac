import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFolder } from '../../test/endToEndBench.ts';
import { OutputLog } from './outputLog.ts';

const asIs = (text: string): string => text;

test('what is said is in the file, and its last lines are at hand', () =>
  withFolder(async (folder) => {
    const log = new OutputLog(join(folder, 'logs', 'server.log'), asIs);
    for (const word of ['one\n', 'two\nth', 'ree\n', '\n']) log.add(Buffer.from(word));
    assert.equal(log.tail(2), 'two\nthree');
    log.close();
    log.close();
    assert.equal(await readFile(log.path, 'utf8'), 'one\ntwo\nthree\n\n');
  }));

test('of a server that says too much the beginning and the end are kept', () =>
  withFolder(async (folder) => {
    const log = new OutputLog(join(folder, 'server.log'), asIs);
    const lines = 100_000;
    for (let i = 0; i < lines; i++) log.add(Buffer.from(`a line ${String(i).padStart(6, '0')}\n`));
    log.close();
    const text = await readFile(log.path, 'utf8');
    assert.ok(text.length < 1_048_576 + 20_000);
    assert.match(text, /^a line 000000\na line 000001\n/);
    assert.match(text, /a line 099998\na line 099999\n$/);
    const left = Number(/\[… (\d+) bytes are left out here …\]/.exec(text)?.[1]);
    const kept = text.replace(/\n\[… .*\n/, '').length;
    assert.equal(kept + left, lines * 'a line 000000\n'.length);
    assert.equal(log.tail(1), 'a line 099999');
  }));

test('a secret is hidden that comes in two pieces, and a letter is whole that does', () =>
  withFolder(async (folder) => {
    const log = new OutputLog(join(folder, 'server.log'), (text) => text.replaceAll('sécret', 'X'));
    const bytes = Buffer.from('a sécret, a line\nand sécret');
    for (const byte of bytes) log.add(Buffer.from([byte]));
    assert.equal(log.tail(2), 'a X, a line\nand X');
    log.close();
    assert.equal(await readFile(log.path, 'utf8'), 'a X, a line\nand X');
  }));
