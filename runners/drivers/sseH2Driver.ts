import type { DriverOptions } from '../../contract/loadDriver.ts';
import { EventStreamProtocol } from './h2/eventStreamProtocol.ts';
import { H2Driver } from './h2/h2Driver.ts';

/** Lean driver of server-sent events over HTTP/2, many streams on each connection where the options say so. */
export function createLeanSseH2(options: DriverOptions): H2Driver {
  const { slots, security } = options;
  return new H2Driver(options, (sink) => new EventStreamProtocol(slots, security !== null, sink));
}
