import { EmbeddedHub } from '../../servers/bus/embedded/hub.ts';
import type { Broker } from './broker.ts';

/** Runs the hub of the embedded bus in this process. */
export async function startEmbeddedBroker(): Promise<Broker> {
  const hub = new EmbeddedHub();
  const url = await hub.listen();
  return { url, pid: process.pid, name: `embedded bus, Node ${process.version}`, stop: () => hub.stop() };
}
