import { readFileSync } from 'node:fs';
import type { Environment } from './environment';
import type { Setting } from './settings';

/** The value of a setting, or why there is none. */
type Given = { value: string | undefined } | { problem: string };

const fileSuffix = '_FILE';

/** Whether the value of a setting may stand in a file that a second variable names. */
const canBeInFile = ({ secret }: Setting): boolean => secret === true;

function readSecret(variable: string, path: string): Given {
  try {
    // Editors and `echo` end a file with a line break that belongs to no secret.
    return { value: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { problem: `${variable} names a file that cannot be read: ${path} (${cause})` };
  }
}

/** Reads a setting from its variable or, if it is a secret, from the file that `NAME_FILE` names. */
export function readVariable(environment: Environment, setting: Setting): Given {
  const { name } = setting;
  const value = environment[name] || undefined;
  const variable = name + fileSuffix;
  const path = canBeInFile(setting) ? environment[variable] || undefined : undefined;
  if (path === undefined) return { value };
  return value === undefined
    ? readSecret(variable, path)
    : { problem: `${name} and ${variable} are both set: remove one of them` };
}
