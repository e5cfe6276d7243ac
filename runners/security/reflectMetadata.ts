/** What is noted of classes, by class and key. */
const NOTED = new WeakMap<object, Map<unknown, unknown>>();

/**
 * The three functions of the proposal "Metadata Reflection" that the decorators of `@peculiar/x509` ask the global `Reflect`
 * for when they are loaded. A library that is there already stays.
 */
export function provideReflectMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const get = (key: unknown, target: object): unknown => NOTED.get(target)?.get(key);
  Object.assign(Reflect, {
    getMetadata: get,
    getOwnMetadata: get,
    defineMetadata(key: unknown, value: unknown, target: object) {
      const notes = NOTED.get(target) ?? new Map<unknown, unknown>();
      NOTED.set(target, notes.set(key, value));
    },
  });
}
