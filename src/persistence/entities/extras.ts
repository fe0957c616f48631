import type { Extras, ExtrasOwner } from '../../domain/extras';
import { entity, json, primaryId, rowReader } from './columns';

/** A table beside the others, so that no row that runs are moved by gets longer, and nothing is read that nobody asks for. */
export const extrasColumns = {
  ownerId: primaryId<ExtrasOwner['id']>('owner_id'),
  ownerKind: primaryId<ExtrasOwner['kind']>('owner_kind'),
  content: json<Extras>('content'),
};
export const extrasOf = rowReader(extrasColumns);
export const ExtrasEntity = entity('Extras', 'extras', extrasColumns);
