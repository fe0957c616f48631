import { Argument, type Command } from 'commander';
import { print } from '../output';

/** The words that can follow the words of a command. */
interface Entry {
  readonly path: string;
  readonly words: readonly string[];
}

function entriesOf(command: Command, path: readonly string[]): Entry[] {
  const words = [
    ...command.commands.map(child => child.name()),
    ...command.options.flatMap(({ long, short }) => long ?? short ?? []),
  ];
  return [
    { path: path.join(' '), words },
    ...command.commands.flatMap(child => entriesOf(child, [...path, child.name()])),
  ];
}

// Options and their values stand between the words of a command, and are passed over.
const bash = (entries: readonly Entry[], names: readonly string[]): string => `_switchyard() {
  local path= word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case " ${names.join(' ')} " in *" $word "*) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${entries.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`).join('\n')}
    *) words= ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _switchyard switchyard`;

// Without a line in .zshrc, a shell has no completions at all: bashcompinit needs those of compinit.
const zsh = (entries: readonly Entry[], names: readonly string[]): string => `\
(( $+functions[compdef] )) || { autoload -U compinit && compinit -i }
autoload -U +X bashcompinit && bashcompinit
${bash(entries, names)}`;

const fish = (entries: readonly Entry[]): string =>
  entries
    .map(({ path, words }) => {
      const condition = path
        .split(' ')
        .filter(word => word !== '')
        .map(word => `__fish_seen_subcommand_from ${word}`)
        .join('; and ');
      return `complete -c switchyard -f -n '${condition === '' ? '__fish_use_subcommand' : condition}' -a '${words.join(' ')}'`;
    })
    .join('\n');

const shells = { bash, zsh, fish };

/** Adds `completion`. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('Prints a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(shells)))
    .addHelpText(
      'after',
      `
Examples:
  switchyard completion bash > /etc/bash_completion.d/switchyard
  source <(switchyard completion zsh)
  switchyard completion fish > ~/.config/fish/completions/switchyard.fish`,
    )
    .action((shell: keyof typeof shells) => {
      const entries = entriesOf(program, []);
      const names = [...new Set(entries.flatMap(({ path }) => path.split(' ')))].filter(name => name !== '');
      print(shells[shell](entries, names));
    });
}
