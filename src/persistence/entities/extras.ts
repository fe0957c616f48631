import type { Extras, ExtrasOwner } from '../../domain/extras';
import { json, primary, TableSchema, uuid, word } from './columns';

/** A table beside the others, so that no row that runs are moved by gets longer, and nothing is read that nobody asks for. */
export const ExtrasEntity = new TableSchema('Extras', 'extras', {
  ownerId: primary(uuid<ExtrasOwner['id']>('owner_id')),
  ownerKind: primary(word<ExtrasOwner['kind']>('owner_kind')),
  content: json<Extras>('content'),
});
