/** The server did not take what a client said, because too much waits: it may be said again later. */
export class RefusedSaying extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedSaying';
  }
}
