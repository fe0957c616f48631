import { builder } from './builder';

/**
 * What `node` finds. Not the plugin's own: that one replaces the id of a row with a text that contains the name of its
 * type, and ids stay the UUIDs that REST knows.
 */
export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'An object that `node` finds by its id.',
  fields: t => ({ id: t.expose('id', { type: 'UUID', description: 'The id.' }) }),
});
