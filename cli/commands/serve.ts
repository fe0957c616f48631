import { type Command, Option } from 'commander';
import { local } from '../local';
import { wholeNumber } from '../numbers';

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description(
      'Starts a gateway, a worker, or both in one process. Everything else is a setting in the environment.',
    )
    .addOption(
      new Option('--role <role>', 'gateway serves clients, worker runs operations')
        .choices(['gateway', 'worker', 'all'])
        .default('all'),
    )
    .option('--port <port>', 'the port to listen on, as PORT; 0 for any free port', wholeNumber(0, 65_535))
    .option('--host <address>', 'the address to listen on, as HOST')
    .addHelpText(
      'after',
      `
Examples:
  switchyard serve
  DATABASE_URL=mysql://root@127.0.0.1:3306/switchyard switchyard serve --role worker
  API_KEYS=ops:admin:DIGEST switchyard serve --host 0.0.0.0 --port 8080`,
    )
    .action((options: { role: string; port?: number; host?: string }) => local.serve(options));
}
