import type { Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';
import type { Endpoint } from '../../contract/pushServer.ts';

/** Below it SYNs of a connect storm are dropped and retried a second later; the kernel caps it at somaxconn. */
const BACKLOG = 4_096;

/**
 * Binds one server to one address.
 * @throws BenchError where it cannot be bound; the cause is the system error.
 */
export function bind(server: NetServer, endpoint: Endpoint): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(bindError(endpoint, error)));
    server.listen({ host: endpoint.host, port: endpoint.port, backlog: BACKLOG }, () => {
      server.removeAllListeners('error');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : endpoint.port;
      resolve({ host: endpoint.host, port });
    });
  });
}

function bindError(endpoint: Endpoint, error: NodeJS.ErrnoException): BenchError {
  const hints: Readonly<Record<string, string>> = {
    EADDRINUSE: 'Another process listens there: stop it, choose another port, or port 0 for a free one.',
    EADDRNOTAVAIL: 'This host has no such address: choose one of its own, such as 127.0.0.1.',
    EACCES: 'Ports below 1024 need privileges: choose a higher one.',
    EMFILE: 'The process may hold no more files: raise `ulimit -n`, or use fewer connections.',
  };
  return new BenchError(`cannot listen on ${endpoint.host}:${endpoint.port}: ${messageOf(error)}`, {
    exitCode: EXIT.usage,
    hint: hints[error.code ?? ''] ?? 'Choose another address.',
    cause: error,
  });
}

/** Stops listening and ends every connection that HTTP still owns. */
export function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
