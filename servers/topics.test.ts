import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTopic, Topics } from './topics.ts';

test('walks a topic in the order of subscription', () => {
  const topics = new Topics<{ topic: string; name: string }>();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ topic: name === 'd' ? 'y' : 'x', name }));
  for (const subscriber of [a, b, c, d]) topics.add(subscriber);
  topics.remove(b);
  topics.add(b);
  assert.deepEqual([...topics.of('x')], [a, c, b]);
  assert.deepEqual([...topics.all()], [a, c, b, d]);
  assert.equal(topics.of('nobody').size, 0);
});

test('forgets topics without subscribers, and takes a second removal for none', () => {
  const topics = new Topics<{ topic: string }>();
  const only = { topic: 'x' };
  topics.add(only);
  topics.remove(only);
  topics.remove(only);
  assert.equal(topics.topicCount, 0);
});

test('lets subscribers leave while it is walked', () => {
  const topics = new Topics<{ topic: string; n: number }>();
  const all = [1, 2, 3].map((n) => ({ topic: 'x', n }));
  for (const subscriber of all) topics.add(subscriber);
  const seen: number[] = [];
  for (const subscriber of topics.of('x')) {
    seen.push(subscriber.n);
    topics.remove(subscriber);
  }
  assert.deepEqual(seen, [1, 2, 3]);
});

test('knows a topic name', () => {
  for (const name of ['t', 'room/7', 't'.repeat(128), '&?#%']) assert.ok(isTopic(name), name);
  for (const name of ['', ' ', 'a b', 'a\n', 'ü', 't'.repeat(129)]) assert.ok(!isTopic(name), name);
});
