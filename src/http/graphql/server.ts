import { version } from '../../../package.json';
import type { Services } from '../../transitions/services';
import { builder } from './builder';
import { Mirror } from './mirror';

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
      resolve: ({ executor }) => executor.attachedTo,
    }),
    mirror: t.field({
      type: Mirror,
      nullable: true,
      description:
        'How far the copy of the runs of that server is; null if this gateway stores runs itself, or the copy has not begun.',
      resolve: services => services.executor.readMirror(services),
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
