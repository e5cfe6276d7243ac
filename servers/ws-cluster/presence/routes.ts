import { answerJson, answerText } from '../../http/answer.ts';
import { pathOf, type Route } from '../../http/routes.ts';
import type { Presence } from './presence.ts';

const PRESENCE_PATH = '/presence';
const CONNECTION_PREFIX = `${PRESENCE_PATH}/`;

/** `GET /presence`: how many connections each node has. `GET /presence/<connection>`: which node has it, since when. */
export function presenceRoutes(presence: Presence): Map<string, Route> {
  return new Map<string, Route>([
    [
      PRESENCE_PATH,
      {
        method: 'GET',
        handle: (_request, response, headers) =>
          answerJson(response, 200, JSON.stringify({ nodes: presence.nodes() }), headers),
      },
    ],
    [
      CONNECTION_PREFIX,
      {
        method: 'GET',
        handle: (request, response, headers) => {
          const connection = pathOf(request.url ?? '').slice(CONNECTION_PREFIX.length);
          const found = presence.find(connection);
          if (found !== null) answerJson(response, 200, JSON.stringify(found), headers);
          else answerText(response, 404, `no node has a connection ${connection}`, headers);
        },
      },
    ],
  ]);
}
