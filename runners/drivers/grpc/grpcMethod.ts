import { BenchError, EXIT } from '../../../contract/errors.ts';
import type { GrpcMethod } from '../../../contract/grpc.ts';
import type { DriverOptions } from '../../../contract/loadDriver.ts';

/** How the driver subscribes. @throws BenchError where nobody told: a defect of the fleet, not of the user. */
export function methodOf({ grpc }: DriverOptions): GrpcMethod {
  if (grpc !== null) return grpc;
  throw new BenchError('a gRPC driver was made without a method to call', {
    exitCode: EXIT.internal,
    hint: 'Pass DriverOptions.grpc, e.g. SUBSCRIBE_METHOD of contract/grpc.ts.',
  });
}
