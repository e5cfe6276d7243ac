/** Where a server's stream is, unless the user says otherwise: as in our own servers. */
export const PATHS = {
  sse: '/events',
  'sse-h2': '/events',
  ws: '/ws',
  interval: '/state',
  held: '/poll',
  custom: '/',
} as const;
