import { CreateTables1763900000000 } from './1763900000000-CreateTables';

/** Every migration, oldest first. Each can be run again after it was killed half-way. */
export const migrations = [CreateTables1763900000000] as const;
