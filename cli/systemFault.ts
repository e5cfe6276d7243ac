import type { Run } from '../contract/result.ts';
import { serverName } from '../reports/runLabel.ts';

const SYSTEM_UNDER_TEST = 'system under test: ';

/** How a system under test failed, and what its owner may do. */
export interface SystemFault {
  readonly what: string;
  readonly hint: string;
}

/** The failure of the system under test in a run; null where it did not fail, or where the harness was at fault. */
export function systemFaultOf(run: Run): SystemFault | null {
  return endedFault(run) ?? connectFault(run) ?? deliveryFault(run);
}

/** The fault as a message of one screen. */
export function systemFaultText(run: Run, { what, hint }: SystemFault): string {
  return `bench: ${serverName(run)}: ${what}\n\n  ${hint}`;
}

function endedFault({ abortReason }: Run): SystemFault | null {
  if (abortReason === null || !abortReason.startsWith(SYSTEM_UNDER_TEST)) return null;
  return {
    what: abortReason.slice(SYSTEM_UNDER_TEST.length),
    hint: "Look into the server's own log for why it ended; the report holds what was measured until then.",
  };
}

function connectFault({ connections }: Run): SystemFault | null {
  const { requested, established, failed, unsent, failures } = connections;
  // Never attempted is the generator's fault, not the server's.
  if (requested === 0 || established > 0 || failed === 0 || unsent >= requested) return null;
  const [first] = failures;
  const why = first === undefined ? '' : `: ${first.detail}`;
  return {
    what: `none of ${requested} connections was established${why}.`,
    hint: 'The server answered before the load: look at its limits, and lower --connections or --connect-rate.',
  };
}

/** How a message comes back, by stage: a target has that of its protocol. */
const COMES_BACK: Readonly<Record<string, string>> = {
  sse: 'as the data of one whole event ("data: …" and an empty line) on every open stream',
  ws: 'as one message on every open connection',
  poll: 'in the answer to the next poll of every client',
};
const OF_A_ROOM =
  ' of its room. The server has to be told which room that is: {topic} in --publish-url, in a header or in the body';

function deliveryFault({ status, deliveries, publish, stage, workload }: Run): SystemFault | null {
  if (status !== 'complete' || deliveries === null || publish === null) return null;
  const published = publish.attempted - publish.unsent;
  if (deliveries.expected === 0 || deliveries.received > 0 || published === 0) return null;
  if (publish.sent === 0) {
    return {
      what: `none of ${published} messages was accepted at the publish URL.`,
      hint: 'It must answer a POST with 2xx. Check it by hand: curl -i --data test PUBLISH_URL',
    };
  }
  return {
    what: `${publish.sent} messages were accepted, and not one was delivered.`,
    hint: `Each body posted must come back ${COMES_BACK[stage] ?? 'to every client'}${workload.rooms === 1 ? '' : OF_A_ROOM}.`,
  };
}
