import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ZodPlugin from '@pothos/plugin-zod';
import { badUserInput, forbidden } from '../../domain/errors';
import type { Instant } from '../../domain/instant';
import type { Json } from '../../domain/json';
import type { Context } from '../context';
import { missingScopes } from './missingScopes';
import '../../config/zodMessages';

/** The builder of all types of the schema. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  /** What every connection has beside its page; counted only when asked for. */
  Connection: { totalCount: () => Promise<number> };
  AuthScopes: { read: boolean; write: boolean; force: boolean; operate: boolean; admin: boolean };
  Scalars: {
    DateTime: { Input: Instant; Output: Instant };
    UUID: { Input: string; Output: string };
    JSON: { Input: Json; Output: Json };
  };
}>({
  plugins: [ScopeAuthPlugin, ZodPlugin, RelayPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ actor }) => ({
      read: actor.scopes.has('read'),
      write: actor.scopes.has('write'),
      force: actor.scopes.has('force'),
      operate: actor.scopes.has('operate'),
      admin: actor.scopes.has('admin'),
    }),
    unauthorizedError: (_parent, { actor }, info, { failure }) => {
      const scopes = missingScopes(failure).map(scope => `"${scope}"`);
      return forbidden(
        `${actor.name} lacks the scope ${scopes.join(' and ')}, which ${info.parentType.name}.${info.fieldName} needs.`,
      );
    },
  },
  relay: {
    cursorFieldOptions: { description: 'The cursor of the item.' },
    pageInfoFieldOptions: { description: 'The position of the page.' },
    pageInfoTypeOptions: { description: 'The position of a page in its list.' },
    hasNextPageFieldOptions: { description: 'Whether there is a next page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is a previous page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null on an empty page.' },
    endCursorFieldOptions: {
      description: 'The cursor of the last, to go on from with `after`; null on an empty page.',
    },
  },
  zod: {
    validationError: ({ issues }) =>
      badUserInput(
        issues.map(({ path, message }) => ({
          path: path.map(part => (typeof part === 'number' ? part : String(part))),
          message,
        })),
      ),
  },
});

/**
 * Marks a field, or a type with all of its fields but `id`, as one that shows what is stored: the payload of a mutation
 * holds it only for callers with the scope `read`.
 */
export const needsRead = { extensions: { needsRead: true } } as const;

builder.queryType({ description: 'The queries.', authScopes: { read: true } });
builder.mutationType({
  description: 'The mutations. Each run is changed completely or not at all.',
  authScopes: { write: true },
});
builder.subscriptionType({
  description: 'The subscriptions, over server-sent events or WebSocket.',
  authScopes: { read: true },
});
