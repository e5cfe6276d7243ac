import { statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import protobuf from 'protobufjs';

/** A method of a gRPC service. */
export interface Rpc {
  /** As gRPC has it: `package.Service/Method`. */
  readonly name: string;
  readonly streamsRequest: boolean;
  readonly streamsAnswer: boolean;
  readonly request: protobuf.Type;
  readonly answer: protobuf.Type;
}

/**
 * The methods of all services of a `.proto` file and of what it imports.
 * @param folders where imports are looked for, after the file's own folder
 * @throws Error where one of the files cannot be read or parsed, or names a type that is nowhere
 */
export async function loadRpcs(path: string, folders: readonly string[]): Promise<Rpc[]> {
  const root = new protobuf.Root();
  const places = [dirname(path), ...folders];
  root.resolvePath = (_origin, target) => {
    // The library brings the common files of google.protobuf itself.
    if (isAbsolute(target) || Object.hasOwn(protobuf.common, target)) return target;
    return places.map((folder) => join(folder, target)).find(isFile) ?? join(places[0], target);
  };
  await root.load(path, { keepCase: true });
  root.resolveAll();
  return servicesIn(root).flatMap(({ methodsArray }) => methodsArray.map(rpcOf));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function servicesIn(namespace: protobuf.NamespaceBase): protobuf.Service[] {
  return namespace.nestedArray.flatMap((each) => {
    if (each instanceof protobuf.Service) return [each];
    return each instanceof protobuf.Namespace ? servicesIn(each) : [];
  });
}

function rpcOf(method: protobuf.Method): Rpc {
  const { resolvedRequestType: request, resolvedResponseType: answer, parent } = method;
  if (request === null || answer === null || parent === null) throw new Error(`${method.name} has no types`);
  return {
    name: `${parent.fullName.slice(1)}/${method.name}`,
    streamsRequest: method.requestStream === true,
    streamsAnswer: method.responseStream === true,
    request,
    answer,
  };
}
