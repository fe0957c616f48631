import { Command, Option } from 'commander';
import { version } from '../package.json';
import { addCompletionCommand } from './commands/completion';
import { addDemoCommand } from './commands/demo';
import { addKeysCommand } from './commands/keys';
import { addMigrateCommand } from './commands/migrate';
import { addMoveCommand } from './commands/move';
import { addOperationsCommand } from './commands/operations';
import { addRunsCommand } from './commands/runs';
import { addServeCommand } from './commands/serve';
import { outputFormats } from './output';

const help = `
Settings:
  SWITCHYARD_URL      the address of the gateway, as --url
  SWITCHYARD_API_KEY  the API key or token to send

Exit codes:
  0 success   1 error   2 wrong usage   4 not authorised
  5 an operation ended, and some of its runs were not accepted

Examples:
  switchyard serve
  switchyard runs list --state FAILED --since 24h
  switchyard move SCHEDULED --flow nightly-load --state FAILED --since 12h --reason "The warehouse was down"
  switchyard runs count --flow nightly-load -o json`;

/**
 * Creates the command line. Parsing it runs the command.
 *
 * @returns a program that throws CommanderError instead of ending the process.
 */
export function createProgram(): Command {
  const program = new Command('switchyard')
    .description('Moves workflow runs from one state to another, by rules.')
    .version(version)
    .addOption(
      new Option('--url <address>', 'the address of the gateway')
        .env('SWITCHYARD_URL')
        .default('http://127.0.0.1:4200'),
    )
    .addOption(
      new Option('-o, --output <format>', 'how to print data').choices(outputFormats).default('table'),
    )
    .exitOverride()
    .showHelpAfterError('Add --help for the options and examples.')
    .addHelpText('after', help);
  addServeCommand(program);
  addKeysCommand(program);
  addRunsCommand(program);
  addMoveCommand(program);
  addOperationsCommand(program);
  addMigrateCommand(program);
  addDemoCommand(program);
  addCompletionCommand(program);
  return program;
}
