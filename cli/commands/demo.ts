import type { Command } from 'commander';
import { local } from '../local';

/** Adds `demo`. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Fills data/demo.db with a night of runs, moves some of them, and serves it until Ctrl-C.')
    .addHelpText('after', '\nExample:\n  PORT=4300 switchyard demo')
    .action(() => {
      local.demo();
    });
}
