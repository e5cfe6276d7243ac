import protobuf from 'protobufjs';

/** What a field must be. */
export interface FieldRule {
  readonly types: readonly string[];
  /** It may stand in a message within the message. */
  readonly mayNest: boolean;
  readonly mayRepeat: boolean;
}

/**
 * Numbers from a message down to a field that is named as `field` or `message.field`.
 * @returns null where there is none, or it is none by the rule
 */
export function fieldPath(type: protobuf.Type, name: string, rule: FieldRule): number[] | null {
  const [first, ...rest] = name.split('.');
  const field = Object.hasOwn(type.fields, first) ? type.fields[first] : undefined;
  if (field === undefined) return null;
  if (rest.length === 0) return follows(field, rule) ? [field.id] : null;
  if (!rule.mayNest || field.repeated || !(field.resolvedType instanceof protobuf.Type)) return null;
  const below = fieldPath(field.resolvedType, rest.join('.'), rule);
  return below === null ? null : [field.id, ...below];
}

/** Fields of a message that would do, for what is said to the user. */
export function fieldNames(type: protobuf.Type, rule: FieldRule): string {
  const names = type.fieldsArray.filter((field) => follows(field, rule)).map(({ name }) => name);
  const kind = rule.types.join(' or ');
  const message = type.fullName.slice(1);
  return names.length === 0
    ? `${message} has no ${kind} field`
    : `a ${kind} field of ${message}: ${names.join(', ')}`;
}

function follows(field: protobuf.Field, { types, mayRepeat }: FieldRule): boolean {
  return types.includes(field.type) && !field.map && (mayRepeat || !field.repeated);
}
