/**
 * Returns a function that makes a value when it is first called, and returns the same one from then on. Calls share an attempt;
 * one that fails is forgotten, so that the next call makes another.
 */
export function madeOnce<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
