import type { Extras, ExtrasOwner } from '../domain/extras';
import { objectIn } from '../domain/json';
import { findExtras } from '../persistence/flowRuns/extras';
import type { Services } from '../transitions/services';

/** Extras with the labels of what the new thing belongs to, which its own go before. */
export async function inheritLabels(
  { database }: Services,
  parent: ExtrasOwner | null,
  extras: Extras,
): Promise<Extras> {
  const [inherited] = await findExtras(database.primary, parent === null ? [] : [parent]);
  if (inherited?.labels === undefined) return extras;
  return { ...extras, labels: { ...objectIn(inherited.labels), ...objectIn(extras.labels) } };
}
