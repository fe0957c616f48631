import type { Connection, PageArguments } from '../app/connection';
import type { Context } from '../context';
import { badUserInput } from '../domain/errors';
import { builder } from './builder';

export const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: t => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follows.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether something comes before.' }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first; null on an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last, to go on from with `after`; null on an empty page.',
    }),
  }),
});

/** The arguments of a list: how large a page of it is, and where it begins. */
export const pageArguments = (defaultSize: number) =>
  builder.args(t => ({
    first: t.int({
      required: true,
      defaultValue: defaultSize,
      description: '1 to 200 (a setting).',
      validate: { min: 1 },
    }),
    after: t.string({ description: 'A cursor: the page begins just behind it.' }),
  }));

/**
 * The page that is asked for.
 *
 * @throws SwitchyardError BAD_USER_INPUT where it is larger than pages may be.
 */
export function pageOf(
  { first, after }: { first: number; after?: string | null },
  { services: { maxPageSize } }: Context,
): PageArguments {
  if (first > maxPageSize)
    throw badUserInput([{ path: ['first'], message: `must be at most ${maxPageSize}` }]);
  return { first, after: after ?? null };
}
