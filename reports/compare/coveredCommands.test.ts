import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCovered } from './coveredCommands.ts';

test('a command that another one answers too is told once', () => {
  const all = 'bench run --stage sse,ws,ws-cluster --scenario ceiling --runs 10';
  const two = 'bench run --stage ws,sse --scenario ceiling --runs 10';
  assert.deepEqual(withoutCovered([two, all, all]), [all]);
});

test('another scenario is another question', () => {
  const commands = ['bench run --stage sse,ws --scenario idle', 'bench run --stage sse --scenario steady'];
  assert.deepEqual(withoutCovered(commands), commands);
});

test('a command for some kinds of security is covered by one for more of them, and not the other way round', () => {
  const plain = 'npx bench run --stage sse --scenario idle';
  const tls = 'npx bench run --stage sse --security tls --scenario idle';
  const both = 'npx bench run --stage sse,ws --security plain,tls --scenario idle';
  assert.deepEqual(withoutCovered([plain, tls, both]), [both]);
  assert.deepEqual(withoutCovered([plain, tls]), [plain, tls]);
});
