import type { Services } from './services';

/** The same services for work that writes: it reads where it writes, never from a replica, and so sees its own writes. */
export const readOwnWrites = (services: Services): Services => ({
  ...services,
  database: { ...services.database, reader: services.database.primary },
});
