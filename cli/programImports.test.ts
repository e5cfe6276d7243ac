import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';

test('no command loads a package before it is called, but that which reads the command line', async () => {
  const packages = new Set<string>();
  const hooks = registerHooks({
    load(url, context, next) {
      const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
      if (name !== undefined) packages.add(name);
      return next(url, context);
    },
  });
  await import('./program.ts');
  hooks.deregister();
  assert.deepEqual([...packages], ['commander']);
});
