import { ConfigurationError } from './config/config';
import { CommandLineError, readRole } from './config/role';
import { serve } from './serve';

async function start(): Promise<void> {
  await serve(readRole(process.argv.slice(2)), process.env);
}

start().catch((error: unknown) => {
  const isOurs = error instanceof ConfigurationError || error instanceof CommandLineError;
  console.error(isOurs ? error.message : error);
  process.exitCode = isOurs ? 2 : 1;
});
