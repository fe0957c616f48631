import type { Command } from 'commander';
import { createRequest, type Request } from './client';
import type { OutputFormat } from './output';

/** What every command that uses a gateway needs. */
export interface Connection {
  readonly request: Request;
  readonly format: OutputFormat;
}

/** Reads the options that all commands share. */
export function connectionOf(command: Command): Connection {
  const { url, output } = command.optsWithGlobals<{ url: string; output: OutputFormat }>();
  const apiKey = process.env.SWITCHYARD_API_KEY?.trim();
  return { request: createRequest({ url, apiKey: apiKey === '' ? undefined : apiKey }), format: output };
}
