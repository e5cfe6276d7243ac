import { answerText } from '../http/answer.ts';
import type { Listener, Message } from './audience.ts';
import type { CreateWire } from './node.ts';
import { topicIn } from './topicIn.ts';

/** One write for each message, so that each is a delivery of its own. */
export function eventText({ data }: Message): string {
  return `data: ${data}\n\n`;
}

/** Event streams over HTTP/1.1. */
export const createWire: CreateWire = (audience) => ({
  kind: 'http',
  request(request, response) {
    const topic = topicIn(request.url);
    if (topic === null) {
      answerText(response, 404, 'name a topic: /events?topic=…');
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': connected\n\n');
    const listener: Listener = {
      topic,
      tell: (messages) => {
        for (const message of messages) response.write(eventText(message));
      },
    };
    audience.join(listener);
    response.on('close', () => audience.leave(listener));
  },
});
