import type { Command } from 'commander';
import { UsageError } from '../errors';
import { local } from '../local';
import type { OutputFormat } from '../output';

const formatOf = (command: Command): OutputFormat =>
  command.optsWithGlobals<{ output: OutputFormat }>().output;

const example = (line: string): string => `
The database is the one in DATABASE_URL, with the settings of "switchyard serve".

Example:
  ${line}`;

/** Adds `migrate` with its commands. */
export function addMigrateCommand(program: Command): void {
  const migrate = program.command('migrate').description('Migrates the database of the settings.');
  migrate
    .command('up')
    .description('Runs the migrations that have not run yet. Servers may run meanwhile.')
    .addHelpText(
      'after',
      example('DATABASE_URL=mysql://root@127.0.0.1:3306/switchyard switchyard migrate up'),
    )
    .action((_options, command: Command) => local.migrate('up', formatOf(command)));
  migrate
    .command('down')
    .description('Reverts the migration that ran last, with all that it stored. Stop all servers first.')
    .option('--yes', 'confirms that data may be lost')
    .addHelpText('after', example('switchyard migrate down --yes'))
    .action(({ yes }: { yes?: boolean }, command: Command) => {
      if (yes !== true)
        throw new UsageError(
          '--yes: is required, because a reverted migration loses what it stored. Nothing was changed.',
        );
      return local.migrate('down', formatOf(command));
    });
  migrate
    .command('status')
    .description('Shows how many migrations have not run, and how many this version does not know.')
    .addHelpText('after', example('switchyard migrate status -o json'))
    .action((_options, command: Command) => local.migrate('status', formatOf(command)));
}
