/** What exists in the database under test: ids, cursors and texts that calls may refer to. */
export interface Known {
  readonly ids: Readonly<Record<Thing, readonly string[]>>;
  /** Cursors of several lists. */
  readonly cursors: readonly string[];
  /** Names and tags that runs have. */
  readonly texts: readonly string[];
}

/** What has an id. */
export type Thing = 'flow' | 'deployment' | 'flowRun' | 'state' | 'taskRun' | 'lease' | 'operation';

const things: readonly (readonly [RegExp, Thing])[] = [
  [/lease/i, 'lease'],
  [/task_?run/i, 'taskRun'],
  [/operation/i, 'operation'],
  [/states?\b/i, 'state'],
  [/deployment/i, 'deployment'],
  [/flow_?run/i, 'flowRun'],
  [/flow/i, 'flow'],
];

const thingIn = (name: string): Thing | undefined => things.find(([pattern]) => pattern.test(name))?.[1];

/**
 * Returns what an id in a place refers to, by the names on the way there: the last name that says it.
 *
 * @param place names from the outermost to the field itself, such as `UpdateDeploymentInput`, `id`.
 */
export function thingAt(place: readonly string[]): Thing {
  for (const name of [...place].reverse()) {
    const thing = thingIn(name);
    if (thing !== undefined) return thing;
  }
  return 'flowRun';
}
