import { isContinuousIntegration } from '../databases/commands';

/**
 * Declares a describe block that needs a program which a developer's machine may lack. There the block is listed as to
 * do with what is missing, so that it does not count as passed. Under continuous integration it fails instead: nothing
 * may be left out.
 *
 * @param missing what this machine lacks; null where it has everything.
 */
export function describeWhere(missing: string | null, name: string, body: () => void): void {
  if (missing === null) describe(name, body);
  else if (isContinuousIntegration())
    test(name, () => {
      throw new Error(missing);
    });
  else test.todo(`${name}: ${missing}`);
}
