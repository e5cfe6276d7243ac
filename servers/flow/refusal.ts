import type { FlowLimits } from '../../contract/flow.ts';

/** One limit: how much there is in all, and how much of it is left. */
export interface Budget {
  /** Name of the policy, as `RateLimit-Policy` gives it. */
  readonly name: string;
  /** What is counted. */
  readonly unit: string;
  readonly limit: number;
  readonly remaining: number;
}

/** Why nothing more is taken now, and when it is worth asking again. */
export interface Refusal {
  readonly budgets: readonly Budget[];
  /** Milliseconds. */
  readonly retryAfterMs: number;
}

/** Under way: messages and bytes that were handed to sinks, or wait for that. */
export interface Level {
  readonly messages: number;
  readonly bytes: number;
}

/** Quota units of the draft's registry; messages are none of them. */
const BYTES = 'content-bytes';
const CONNECTIONS = 'concurrent-requests';
const MESSAGES = 'push-messages';

/** Above a mark of one subscriber or of the whole node. What is refused has nothing left, however far the level is from its mark. */
export function flowRefusal(
  scope: 'connection' | 'server',
  { messages, bytes }: Level,
  limits: FlowLimits,
): Refusal {
  const [ofMessages, ofBytes] =
    scope === 'connection'
      ? [limits.connectionMessages, limits.connectionBytes]
      : [limits.serverMessages, limits.serverBytes];
  const left = ({ high, low }: { readonly high: number; readonly low: number }, level: number): number =>
    level > low ? 0 : Math.floor(high - level);
  return {
    budgets: [
      {
        name: `${scope}-messages`,
        unit: MESSAGES,
        limit: ofMessages.high,
        remaining: left(ofMessages, messages),
      },
      { name: `${scope}-bytes`, unit: BYTES, limit: ofBytes.high, remaining: left(ofBytes, bytes) },
    ],
    retryAfterMs: limits.retryAfterMs,
  };
}

/** As many connections as may live do. */
export function connectionRefusal(maxConnections: number, retryAfterMs: number): Refusal {
  return {
    budgets: [{ name: 'connections', unit: CONNECTIONS, limit: maxConnections, remaining: 0 }],
    retryAfterMs,
  };
}

/** Whole seconds, never 0 (RFC 9110, section 10.2.3). */
function seconds({ retryAfterMs }: Refusal): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1_000));
}

/**
 * Name and value of each field of an answer that refuses. `RateLimit-Policy` and `RateLimit` are those of
 * draft-ietf-httpapi-ratelimit-headers-11: structured-field lists with one item for each policy.
 */
function fieldsOf(refusal: Refusal): readonly (readonly [string, string])[] {
  const wait = seconds(refusal);
  const remaining = Math.min(...refusal.budgets.map((budget) => budget.remaining));
  const policies = refusal.budgets.map(({ name, unit, limit }) => `"${name}";q=${limit};qu="${unit}"`);
  const limits = refusal.budgets.map((budget) => `"${budget.name}";r=${budget.remaining};t=${wait}`);
  return [
    ['Retry-After', String(wait)],
    ['X-RateLimit-Remaining', String(remaining)],
    ['RateLimit-Policy', policies.join(', ')],
    ['RateLimit', limits.join(', ')],
  ];
}

/** Header of an answer 429 or 503: flat name, value list. */
export function refusalHeaders(refusal: Refusal): string[] {
  return fieldsOf(refusal).flat();
}

/** The same facts as metadata of a gRPC status `RESOURCE_EXHAUSTED`: keys in lower case. */
export function refusalMetadata(refusal: Refusal): Readonly<Record<string, string>> {
  return Object.fromEntries(fieldsOf(refusal).map(([name, value]) => [name.toLowerCase(), value]));
}
