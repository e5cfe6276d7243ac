import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Errors that nobody caught, brought back to whom they belong: a driver of the user's own throws in a callback of its
 * socket, and one client ends instead of the whole process. Node keeps the context of what was started in {@link owning}
 * through sockets, timers and promises, up to `uncaughtException`; it costs nothing where no error is thrown.
 */
const owners = new AsyncLocalStorage<(error: unknown) => void>();
let isWatching = false;

/** Runs `action`; what is thrown uncaught by whatever it started, however much later, is told to `owner`. */
export function owning<T>(owner: (error: unknown) => void, action: () => T): T {
  // To the end of the process: a library may throw when its connection has long been closed.
  if (!isWatching) process.on('uncaughtException', bringBack);
  isWatching = true;
  return owners.run(owner, action);
}

function bringBack(error: unknown): void {
  const owner = owners.getStore();
  // An error of ours, or of the module while it was loaded: the process ends with it, as it would without us.
  if (owner === undefined) throw error;
  owner(error);
}
