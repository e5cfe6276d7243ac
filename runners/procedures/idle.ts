import { connectFleet } from '../session/connect.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';

/** Memory per connection only: connects in levels, publishes nothing. */
export async function runIdle(session: Session, evidence: Evidence): Promise<void> {
  await connectFleet(session, evidence);
}
