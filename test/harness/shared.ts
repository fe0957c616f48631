/**
 * What the tests of a describe block share: started before the first of them, closed after the last. Only hooks and tests
 * may read it.
 */
export function shared<Thing extends { close(): Promise<void> }>(start: () => Promise<Thing>): Thing {
  let started: Thing | null = null;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started?.close());
  return new Proxy({} as Thing, {
    get(_none, name) {
      if (started === null) throw new Error('it is not started yet: look at it in a hook or a test');
      return Reflect.get(started, name) as unknown;
    },
  });
}
