/** A property of the objects that are made, and the expression for its value: `input` is what they are made of. */
export type MadeProperty = readonly [name: string, expression: string];

/**
 * Makes a function that makes objects of one shape, out of the source of their literal. Objects that are filled in a loop,
 * under names that the engine cannot foresee, take it ten times as long, and every row of every query is made into one.
 * Expressions are of this project's own making; `helpers` is what they may call.
 */
export function objectMaker<Input, Made>(
  properties: readonly MadeProperty[],
  helpers: readonly unknown[] = [],
): (input: Input) => Made {
  const literal = properties.map(([name, expression]) => `${JSON.stringify(name)}: ${expression}`);
  // oxlint-disable-next-line typescript/no-implied-eval -- nothing that comes from outside is in it
  const make = new Function('helpers', `return input => ({ ${literal.join(', ')} })`) as (
    helpers: readonly unknown[],
  ) => (input: Input) => Made;
  return make(helpers);
}
