import type { Command } from 'commander';
import { addRunsCount } from './runsCount';
import { addRunsList } from './runsList';
import { addRunsShow } from './runsShow';

/** Adds `runs` with its commands. */
export function addRunsCommand(program: Command): void {
  const runs = program.command('runs').description('Lists, shows and counts runs.');
  addRunsList(runs);
  addRunsShow(runs);
  addRunsCount(runs);
}
