import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hasFault, resolve } from './testing/resolving.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Some file: nothing is loaded when settings are settled. */
const DRIVER = 'targetDriver.ts';
const TARGET = { target: 'http://127.0.0.1:9000', driver: DRIVER };

const given = (flags: Record<string, unknown>, config: unknown = {}) => ({ flags, config, cwd: HERE });

describe('--driver', () => {
  it('means protocol custom, at /, without probes, in one room', () => {
    const { target, scenario, stages } = resolve(given(TARGET));
    assert.deepEqual(
      [target?.driver, target?.protocol, target?.path, scenario.probes, scenario.rooms],
      [`${HERE}${DRIVER}`, 'custom', '/', 0, 1],
    );
    assert.deepEqual(stages, [{ stage: 'custom', variant: 'target' }]);
  });

  it('takes rooms that are asked for: its clients are told theirs', () => {
    assert.equal(resolve(given({ ...TARGET, rooms: '7' })).scenario.rooms, 7);
  });

  it('takes an address of any scheme', () => {
    assert.equal(
      resolve(given({ ...TARGET, target: 'mqtt://127.0.0.1:1883' })).target?.url,
      'mqtt://127.0.0.1:1883',
    );
    assert.equal(resolve(given({ ...TARGET, target: 'ws://127.0.0.1:1883' })).target?.protocol, 'custom');
  });

  it('is found beside the config file that names it', () => {
    const config = { target: { url: TARGET.target, driver: `./${DRIVER}` } };
    const { target } = resolve({ config, configFolder: HERE, cwd: '/' });
    assert.equal(target?.driver, `${HERE}${DRIVER}`);
  });

  for (const [what, flags, pattern] of [
    ['a file that is not there', { ...TARGET, driver: 'nowhere.ts' }, /^--driver: .*no such file/],
    ['another protocol', { ...TARGET, protocol: 'ws' }, /^--protocol: custom, or nothing/],
    ['protocol custom without a driver', { target: TARGET.target, protocol: 'custom' }, /--driver FILE/],
    ['no target', { driver: DRIVER }, /^--driver: only together with --target/],
    ['probes', { ...TARGET, probes: '3' }, /^probes: 0 together with --driver/],
    ['slow readers', { ...TARGET, slow: '0.1' }, /^slowShare: 0 together with --driver/],
    [
      'files for TLS that nothing would read',
      { ...TARGET, tlsServerName: 'x' },
      /^--tls-server-name: .*--driver/,
    ],
    ['options of gRPC', { ...TARGET, dataField: 'text' }, /^--data-field: /],
    ['a machine elsewhere', { ...TARGET, target: 'mqtt://broker.example:1883' }, /--allow-remote/],
    ['an address that is none', { ...TARGET, target: 'mqtt:' }, /^--target: /],
  ] as const) {
    it(`refuses ${what}`, () => hasFault(given(flags), pattern));
  }
});
