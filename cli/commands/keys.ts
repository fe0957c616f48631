import { createHash, randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { print, report } from '../output';

const scopes = ['read', 'write', 'force', 'operate', 'admin'];

function scopesOf(text: string): string[] {
  const named = text.split(/[+,]/).map(scope => scope.trim());
  const unknown = named.find(scope => !scopes.includes(scope));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`Must be some of ${scopes.join(', ')} (got ${unknown}).`);
  return [...new Set(named)];
}

function nameOf(text: string): string {
  if (!/^[\w.@-]+$/.test(text))
    throw new InvalidArgumentError('Must consist of letters, digits and the characters . @ _ -');
  return text;
}

interface Options {
  readonly scope: string[];
  readonly output: string;
}

function createKey(name: string, { scope, output }: Options): void {
  const key = `sy_${randomBytes(32).toString('base64url')}`;
  const entry = `${name}:${scope.join('+')}:${createHash('sha256').update(key).digest('hex')}`;
  if (output === 'json' || output === 'jsonl') print(JSON.stringify({ key, entry }));
  else if (output === 'name') print(key);
  else print(`key             ${key}\nAPI_KEYS entry  ${entry}`);
  report(
    'The key is shown only now. Add the entry to API_KEYS of every gateway, after a comma if there are others.',
  );
}

/** Adds `keys` with its command. */
export function addKeysCommand(program: Command): void {
  program
    .command('keys')
    .description('Creates API keys.')
    .command('create')
    .description(
      'Creates an API key, and the entry for API_KEYS that accepts it. The gateway stores only a digest of it.',
    )
    .argument('<name>', 'the name of the holder, as recorded with everything the key does', nameOf)
    .option('--scope <scopes>', `what the key may do: some of ${scopes.join(', ')}, joined by +`, scopesOf, [
      'read',
    ])
    .addHelpText(
      'after',
      `
Examples:
  switchyard keys create ops --scope read+operate
  switchyard keys create ci --scope write -o json`,
    )
    .action((name: string, _options, command: Command) =>
      createKey(name, command.optsWithGlobals<Options>()),
    );
}
