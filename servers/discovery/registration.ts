import type { Instance, Registration } from '../../contract/discovery.ts';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';
import { backOffMs } from '../bus/backOff.ts';
import { EtcdClient } from './etcdClient.ts';
import { instanceKey, instanceValue } from './instanceEntry.ts';

/** A lease is kept alive this often in its length, so that one lost answer does not end it. */
const BEATS_PER_LEASE = 3;

/** An instance that stands in the directory. */
export interface Registered {
  /** How often it had to be entered anew, because its lease had run out. */
  readonly reRegistrations: number;
  /** Takes the instance out of the directory. Where that is gone, the lease runs out by itself. */
  deregister(): Promise<void>;
}

/**
 * Enters an instance under a lease that is kept alive from then on. Where the directory goes away, the instance serves on
 * and is entered again when it is back.
 * @throws BenchError where the directory does not answer now: an instance that nobody finds must not look started
 */
export async function register(
  registration: Registration,
  node: Pick<Instance, 'nodeId' | 'endpoints'>,
): Promise<Registered> {
  const entry = new LeasedEntry(registration, { ...node, weight: registration.weight });
  try {
    await entry.enter();
  } catch (error) {
    entry.close();
    throw new BenchError(`${registration.etcdUrl}: no instance can be registered: ${messageOf(error)}`, {
      exitCode: EXIT.systemUnderTest,
      hint: 'Start etcd there, or give --discovery etcd (a private one) or --discovery static (none).',
      cause: error,
    });
  }
  entry.keepFrom(0);
  return entry;
}

class LeasedEntry implements Registered {
  readonly #client: EtcdClient;
  readonly #key: string;
  readonly #value: string;
  readonly #leaseSeconds: number;
  #lease: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();
  #isOver = false;
  #reRegistrations = 0;

  constructor({ etcdUrl, service, leaseSeconds }: Registration, instance: Instance) {
    this.#client = new EtcdClient(etcdUrl);
    this.#key = instanceKey(service, instance);
    this.#value = instanceValue(instance);
    this.#leaseSeconds = leaseSeconds;
  }

  get reRegistrations(): number {
    return this.#reRegistrations;
  }

  async enter(): Promise<void> {
    const lease = await this.#client.grantLease(this.#leaseSeconds);
    await this.#client.put(this.#key, this.#value, lease);
    // Not before: a lease without its entry must not be kept alive.
    this.#lease = lease;
  }

  /** @param failures attempts that failed in a row */
  keepFrom(failures: number): void {
    if (this.#isOver) return;
    const beatMs = (this.#leaseSeconds * 1_000) / BEATS_PER_LEASE;
    const delayMs = failures === 0 ? beatMs : Math.min(beatMs, backOffMs(failures - 1));
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().then(
        () => this.keepFrom(0),
        // Not a fault of the node's: it is tried until the directory is back.
        () => this.keepFrom(failures + 1),
      );
    }, delayMs);
  }

  async #beat(): Promise<void> {
    if (this.#lease !== null && (await this.#client.keepAlive(this.#lease))) return;
    this.#lease = null;
    if (this.#isOver) return;
    await this.enter();
    this.#reRegistrations++;
    if (this.#isOver) await this.#revoke();
  }

  async deregister(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // A beat that is under way may enter the instance once more, and takes it out then. Not one after the other: where the
    // directory hangs, both last as long as a call may.
    await Promise.all([this.#revoke(), this.#beating]);
    this.close();
  }

  /** Nobody can take an entry out of a directory that is gone; there the lease runs out. */
  async #revoke(): Promise<void> {
    const lease = this.#lease;
    this.#lease = null;
    if (lease !== null) await this.#client.revokeLease(lease).catch(() => {});
  }

  close(): void {
    this.#client.close();
  }
}
