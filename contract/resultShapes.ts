import Type, { type Static, type TSchema } from 'typebox';

// What the parts of a result are made of.

export const Num = Type.Number();
export const Str = Type.String();
export const Count = Type.Integer({ minimum: 0 });
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const NumOrNull = orNull(Num);
export const CountOrNull = orNull(Count);
export const object = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) });

export const LatencyStats = object(
  {
    count: Count,
    messages: Type.Integer({ minimum: 0, description: 'Independent messages behind the figures' }),
    min: NumOrNull,
    mean: NumOrNull,
    p50: NumOrNull,
    p90: NumOrNull,
    p95: NumOrNull,
    p99: NumOrNull,
    p999: NumOrNull,
    max: NumOrNull,
  },
  'Microseconds. A percentile is null where more than its tail was lost, or nothing was counted.',
);

export type LatencyStats = Static<typeof LatencyStats>;
