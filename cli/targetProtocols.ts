/** What a server of the user's own may speak; `custom` is whatever a driver of theirs does. */
export const PROTOCOLS = ['sse', 'sse-h2', 'ws', 'poll', 'grpc', 'custom'] as const;

/** Where a server's stream is, unless the user says otherwise: as in our own servers. */
export const PATHS = {
  sse: '/events',
  'sse-h2': '/events',
  ws: '/ws',
  interval: '/state',
  held: '/poll',
  custom: '/',
} as const;
