import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../contract/errors.ts';
import { createServer, findStage, STAGES } from './registry.ts';

test('every stage has one default variant, an idiomatic one', () => {
  for (const stage of STAGES) {
    const defaults = stage.variants.filter((variant) => variant.isDefault);
    assert.deepEqual(
      defaults.map(({ tag }) => tag),
      ['idiomatic'],
      stage.name,
    );
  }
});

test('says which stages and variants there are', async () => {
  assert.throws(
    () => findStage('ssee'),
    (error) => error instanceof UsageError && /ssee.*sse/.test(error.message),
  );
  await assert.rejects(
    createServer('sse', 'fast'),
    /"fast": one of blocking, cancellable, pooled, shared, raw/,
  );
});

test('finds what the harness is tested with, and lists it nowhere', async () => {
  assert.equal(findStage('instrument').name, 'instrument');
  assert.equal((await createServer('instrument', 'sse')).capabilities.protocol, 'sse');
  assert.ok(STAGES.every(({ name }) => name !== 'instrument'));
  assert.throws(
    () => findStage('ssee'),
    (error) => error instanceof UsageError && !error.message.includes('instrument'),
  );
});
