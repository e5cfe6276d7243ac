import Type, { type Static } from 'typebox';
import { object, Str } from './resultShapes.ts';

/** The outcome of breaking the recorder on purpose: a proof that notices nothing proves nothing. */
export const MutationResult = Type.Object({
  rows: Type.Array(
    object({
      /** Short name of what was broken. */
      mutation: Str,
      description: Str,
      /** Claims or cases of the selftest that failed. */
      caughtBy: Type.Array(Str),
      verdict: Type.Union([Type.Literal('caught'), Type.Literal('survived')]),
    }),
  ),
});

export type MutationResult = Static<typeof MutationResult>;
