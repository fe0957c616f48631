import { type Setting, settings } from './settings';

const code = (text: string): string => `\`${text}\``;

const row = ({ name, meaning, default: fallback, example }: Setting): string =>
  `| ${code(name)} | ${meaning} | ${fallback ? code(fallback) : ''} | ${code(example)} |`;

/** The settings as a Markdown table for the README. */
export const settingsTable = (): string =>
  [
    '| Setting | Meaning | Default | Example |',
    '|---|---|---|---|',
    ...Object.values(settings).map(row),
  ].join('\n');
