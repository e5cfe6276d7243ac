import { answer, answerText } from '../http/answer.ts';
import type { Route } from '../http/routes.ts';
import type { NodeMetrics } from '../metrics.ts';

export const HEALTH_ROUTE: Route = {
  method: 'GET',
  isOpen: true,
  handle: (_request, response, headers) => answerText(response, 200, 'ok', headers),
};

/** `GET /metrics`, in the text format of Prometheus. */
export function metricsRoute(metrics: NodeMetrics): Route {
  return {
    method: 'GET',
    handle(_request, response, headers) {
      metrics.text().then(
        (text) => answer(response, 200, text, metrics.contentType, headers),
        (error: unknown) => answerText(response, 500, `metrics: ${String(error)}`, headers),
      );
    },
  };
}
