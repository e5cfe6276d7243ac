import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Identity } from '../../contract/security.ts';
import { answerText } from '../http/answer.ts';
import type { Admission, Gate } from './gate.ts';
import { peerOf } from './peerOf.ts';
import { unauthorized } from './unauthorized.ts';

/** Asks a gate before each request is served, and answers for those it turns away. */
export class HttpGate {
  readonly #gate: Gate;
  /** Where several requests of a connection wait for the gate, the last of them. */
  readonly #turns = new WeakMap<Socket, Promise<void>>();

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /**
   * Tokens are verified beside each other and in no order; what was sent one after another is served so.
   * @param headers of a refusal, flat name, value list
   */
  pass(
    request: IncomingMessage,
    response: ServerResponse,
    headers: readonly string[],
    serve: (identity: Identity) => void,
  ): void {
    const { socket } = request;
    const admission = this.#gate.admit(peerOf(socket), request.headers);
    const turn = this.#inTurn(this.#turns.get(socket), admission, (admitted) => {
      // The client may have gone meanwhile.
      if (socket.destroyed) return;
      if (admitted.state === 'admitted') serve(admitted.identity);
      else refuse(admitted, request, response, headers);
    });
    this.#turns.set(socket, turn);
    turn.then(() => {
      if (this.#turns.get(socket) === turn) this.#turns.delete(socket);
    });
  }

  async #inTurn(
    before: Promise<void> | undefined,
    admission: Promise<Admission>,
    settle: (admission: Admission) => void,
  ): Promise<void> {
    await before;
    settle(await admission);
  }
}

function refuse(
  refusal: Extract<Admission, { state: 'refused' }>,
  request: IncomingMessage,
  response: ServerResponse,
  corsHeaders: readonly string[],
): void {
  const { status, text, headers } = unauthorized(refusal);
  // A body that nobody reads would stand in the way of the next request.
  const close = request.method === 'GET' ? [] : ['Connection', 'close'];
  answerText(response, status, text, [...headers, ...close, ...corsHeaders]);
}
