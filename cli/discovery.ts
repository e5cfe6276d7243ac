import type { Settings } from '../contract/config.ts';
import { BALANCE_POLICIES } from '../contract/discovery.ts';
import type { Fault } from '../contract/errors.ts';
import { type GivenOptions, given, isOn } from './given.ts';
import { choice } from './parse/choice.ts';
import { isLoopback } from './target.ts';

const balancePolicy = choice(BALANCE_POLICIES);
const PLACES = 'static, etcd, or the address of one that runs, such as etcd://127.0.0.1:2379';

/** Reads `--discovery` and `--balance`. */
export function readDiscovery(options: GivenOptions, faults: Fault[]): Settings['discovery'] {
  return { ...readPlace(options, faults), balance: readBalance(options, faults) };
}

function readPlace(options: GivenOptions, faults: Fault[]): Omit<Settings['discovery'], 'balance'> {
  const one = given(options, 'discovery');
  if (one === undefined || one.value === 'static') return { kind: 'static', etcdUrl: null };
  if (one.value === 'etcd') return { kind: 'etcd', etcdUrl: null };
  const url = URL.parse(String(one.value));
  if (url !== null && (url.username !== '' || url.password !== '')) {
    // The value holds a password, perhaps.
    faults.push({
      key: one.key,
      value: undefined,
      expected: `no user and password in the address; ${PLACES}`,
    });
    return { kind: 'static', etcdUrl: null };
  }
  if (url === null || url.protocol !== 'etcd:' || url.hostname === '' || url.port === '') {
    faults.push({ ...one, expected: PLACES });
    return { kind: 'static', etcdUrl: null };
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    faults.push({ ...one, expected: `nothing behind the port; ${PLACES}` });
  if (!isLoopback(url.hostname) && !isOn(options, 'allowRemote')) {
    faults.push({
      ...one,
      expected: 'a loopback address; for an etcd elsewhere that you may use, add --allow-remote',
    });
  }
  return { kind: 'etcd', etcdUrl: `http://${url.host}` };
}

function readBalance(options: GivenOptions, faults: Fault[]): Settings['discovery']['balance'] {
  const one = given(options, 'balance');
  if (one === undefined) return 'round_robin';
  const parsed = balancePolicy(one.value);
  if (parsed.ok) return parsed.value;
  faults.push({ ...one, expected: parsed.expected });
  return 'round_robin';
}
