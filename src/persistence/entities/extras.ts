import type { Extras, ExtrasOwner } from '../../domain/extras';
import { json, primary, TableSchema, uuid, word } from './columns';

/** A separate table, so that the rows of the main job stay short, and extras are read only on request. */
export const ExtrasEntity = new TableSchema('Extras', 'extras', {
  ownerId: primary(uuid<ExtrasOwner['id']>('owner_id')),
  ownerKind: primary(word<ExtrasOwner['kind']>('owner_kind')),
  content: json<Extras>('content'),
});
