import type { Extras, ExtrasOwner } from '../../domain/extras';
import { entity, json, primaryId, type RowOf, rowReader } from './columns';

/** A table beside the others, so that no row that runs are moved by gets longer, and nothing is read that nobody asks for. */
export const extrasColumns = {
  ownerId: primaryId<ExtrasOwner['id']>('owner_id'),
  ownerKind: primaryId<ExtrasOwner['kind']>('owner_kind'),
  content: json<Extras>('content'),
};
export type ExtrasRow = RowOf<typeof extrasColumns>;
export const extrasOf = rowReader(extrasColumns);
export const ExtrasEntity = entity('Extras', 'extras', extrasColumns);
