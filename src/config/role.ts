import { parseArgs } from 'node:util';

/** What a process does. */
export const roles = ['gateway', 'worker', 'all'] as const;

/**
 * `gateway` answers clients; `worker` does the work of bulk operations and of the background services; `all` does both.
 */
export type Role = (typeof roles)[number];

/** The command line asks for something that there is not. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

const usage = `The command line may say --role ${roles.join('|')} (default: all), and nothing else.`;

/**
 * Reads the command line, the program's own name left out.
 *
 * @throws CommandLineError where it says anything but `--role` and one of the roles.
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

/** Whether a process answers clients. */
export const answersClients = (role: Role): boolean => role !== 'worker';

/** Whether a process does the work of bulk operations and of the background services. */
export const takesWork = (role: Role): boolean => role !== 'gateway';
