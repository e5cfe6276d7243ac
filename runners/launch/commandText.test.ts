import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchOf } from '../../test/launchedServer.ts';
import { PLAIN_TARGET } from '../../test/plainTarget.ts';
import { environmentOf, filled, shownCommand, withoutSecrets } from './commandText.ts';

test('placeholders are filled wherever they stand, and left where there is no port yet', () => {
  const places = { port: 4_000, root: '/a $& b' };
  assert.equal(filled('./srv {port} {root}/x :{port}', places), './srv 4000 /a $& b/x :4000');
  assert.equal(filled('make {port} {root}', { ...places, port: null }), 'make {port} /a $& b');
});

test('the environment of a command is that of bench, what is given, and the port', () => {
  const launch = launchOf('./srv', '/folder', { env: { LISTEN: ':{port}', CACHE: '{root}/cache' } });
  const started = environmentOf(launch, 4_000);
  assert.equal(started.LISTEN, ':4000');
  assert.equal(started.CACHE, '/folder/cache');
  assert.equal(started.PORT, '4000');
  assert.equal(started.PATH, process.env.PATH);
  const built = environmentOf(launch, null);
  assert.equal(built.CACHE, '/folder/cache');
  assert.equal('LISTEN' in built, false, 'a build knows no port');
  assert.equal(built.PORT, process.env.PORT);
});

test('a command is shown without what it sets in its environment', () => {
  for (const [command, shown] of [
    ['./srv --port {port} --key=x', './srv --port {port} --key=x'],
    ['KEY=abc ./srv', 'KEY=… ./srv'],
    [`cd x && KEY='a b' B="c d" ./srv`, 'cd x && KEY=… B=… ./srv'],
    ['env KEY=abc;PORT={port} ./srv', 'env KEY=…;PORT={port} ./srv'],
    ['PORT=9000 ./srv', 'PORT=9000 ./srv'],
    [String.raw`A="a\"b" B='c'd"e f" C=g\ h ./srv`, 'A=… B=… C=… ./srv'],
  ])
    assert.equal(shownCommand(command), shown);
});

test('what a server says is shown without the values that it was given', () => {
  const launch = launchOf('./srv', '/folder', {
    env: { KEY: 'hunter2-long', SHORT: 'on', PART: 'hunter2', URL: 'db://pass@{port}', HOME: '{root}' },
  });
  const target = {
    ...PLAIN_TARGET,
    launch,
    headers: { authorization: 'Bearer t0ken-t0ken' },
    publishHeaders: { 'x-key': 'p0st', authorization: 'Basic publisher' },
  };
  assert.equal(
    withoutSecrets(
      'hunter2-long hunter2 on Bearer t0ken-t0ken, t0ken-t0ken p0st publisher db://pass@4000 /folder',
      target,
      { port: 4_000, root: '/folder' },
    ),
    '[KEY] [PART] on [authorization], [authorization] [x-key] [authorization] [URL] /folder',
  );
});
