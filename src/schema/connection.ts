import type { Connection } from '../app/connection';
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

/** The largest page there is. */
export const largestPage = 200;

/** What a page's size may be. */
export const pageSize = { min: 1, max: largestPage } as const;
