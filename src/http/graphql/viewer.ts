import { type Actor, type Scope as GrantedScope, scopes } from '../../authentication';
import { builder } from './builder';
import type { Described } from './enums';

const Scope = builder.enumType('Scope', {
  description: 'What a caller may do.',
  values: {
    read: { description: 'Read runs, operations and everything else that is stored.' },
    write: { description: 'Create, move and delete runs.' },
    force: {
      description: 'Move runs with `force: true`, past the rules. Needed beside `write` or `operate`.',
    },
    operate: { description: 'Plan, start and steer bulk operations.' },
    admin: { description: 'All of the above.' },
  } as const satisfies Described<GrantedScope>,
});

const Viewer = builder.objectRef<Actor>('Viewer').implement({
  description: 'The caller, and what it may do.',
  fields: t => ({
    name: t.exposeString('name', {
      description: "The key's name, the token's subject, or `local` if authentication is off.",
    }),
    scopes: t.field({
      type: [Scope],
      description: 'The scopes of the caller, those that `admin` includes among them.',
      resolve: actor => scopes.filter(scope => actor.scopes.has(scope)),
    }),
  }),
});

builder.queryField('viewer', t =>
  t.field({
    type: Viewer,
    description: 'Returns the caller. Needs no scope.',
    skipTypeScopes: true,
    resolve: (_parent, _arguments, { actor }) => actor,
  }),
);
