import { parseArgs } from 'node:util';

/** The roles that a process can have. */
export const roles = ['gateway', 'worker', 'all'] as const;

/** `gateway` serves clients; `worker` runs bulk operations and background services; `all` does both. */
export type Role = (typeof roles)[number];

/** The command line is invalid. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

const usage = `The command line accepts --role ${roles.join('|')} (default: all) and no other argument.`;

/**
 * Reads the role from the command line.
 *
 * @param words the arguments, without the name of the program.
 * @throws CommandLineError for an unknown role or another argument.
 */
export function readRole(words: readonly string[]): Role {
  const role = roleIn(words);
  const known = roles.find(candidate => candidate === role);
  if (known === undefined) throw new CommandLineError(`There is no role ${JSON.stringify(role)}. ${usage}`);
  return known;
}

function roleIn(words: readonly string[]): string {
  try {
    return parseArgs({ args: [...words], options: { role: { type: 'string', default: 'all' } } }).values.role;
  } catch (error) {
    throw new CommandLineError(`${error instanceof Error ? error.message : String(error)}. ${usage}`);
  }
}

/** Whether a process serves clients. */
export const servesClients = (role: Role): boolean => role !== 'worker';

/** Whether a process runs bulk operations and background services. */
export const takesWork = (role: Role): boolean => role !== 'gateway';
