import type { Command } from 'commander';
import { local } from '../local';

/** Adds `demo`. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Fills data/demo.db with a night of runs, moves some of them, and serves it until Ctrl-C.')
    .option(
      '--attached',
      'instead start a Prefect server with sample runs, and move runs in it (needs Python and Prefect)',
    )
    .addHelpText('after', '\nExamples:\n  PORT=4300 switchyard demo\n  switchyard demo --attached')
    .action(() => {
      // It reads the option from the command line of the process.
      local.demo();
    });
}
