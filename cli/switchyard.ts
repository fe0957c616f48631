#!/usr/bin/env node
import { CommanderError } from 'commander';
import { CommandError, exitCodes } from './errors';
import { createProgram } from './program';

/** A reader such as `head` that closes the pipe has what it needs. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.success : exitCodes.failure);
  });

function exitCodeOf(error: unknown): number {
  // Commander has printed the message or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  process.stderr.write(`switchyard: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof CommandError ? error.exitCode : exitCodes.failure;
}

createProgram()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = exitCodeOf(error);
  });
