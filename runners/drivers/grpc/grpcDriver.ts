import type { DriverOptions } from '../../../contract/loadDriver.ts';
import { H2Driver } from '../h2/h2Driver.ts';
import { methodOf } from './grpcMethod.ts';
import { GrpcProtocol } from './grpcProtocol.ts';

/** Lean gRPC driver: streaming calls over node:http2, their messages read by hand. */
export function createLeanGrpc(options: DriverOptions): H2Driver {
  const method = methodOf(options);
  return new H2Driver(options, (sink) => new GrpcProtocol(method, options.security !== null, sink));
}
