import { version } from '../../../package.json';
import type { Services } from '../../transitions/services';
import { builder } from './builder';

const Server = builder.objectRef<Services>('Server').implement({
  description: 'The gateway that responds.',
  fields: t => ({
    version: t.string({ description: 'Its version.', resolve: () => version }),
    time: t.field({
      type: 'DateTime',
      description: 'The time of its clock.',
      resolve: ({ clock }) => clock(),
    }),
    database: t.string({
      description: 'The kind of its database: `embedded`, `mysql` or `mariadb`.',
      resolve: ({ database }) => database.kind,
    }),
    attachedTo: t.string({
      nullable: true,
      description:
        'The address of the server that this gateway is attached to; null if it stores runs itself.',
      resolve: () => null,
    }),
  }),
});

builder.queryField('server', t =>
  t.field({
    type: Server,
    description: 'Returns the gateway that responds. Needs no scope.',
    skipTypeScopes: true,
    resolve: (_parent, _arguments, { services }) => services,
  }),
);
