import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..');

/** The texts that are checked, apart from the migrations, which never change. */
const checked = ['src', 'cli', 'docs', 'README.md', 'schema.graphql'];
const exempt = 'src/persistence/migrations';

/** The words that no text contains, each with its replacement. */
const banned: readonly (readonly [word: RegExp, use: string])[] = [
  [/\banswer(s|ed|ing)?\b/i, 'returns, responds, response, or result'],
  [/\b(tell|tells|told|telling)\b/i, 'reports, receives, or shows'],
  [/\bforet(ell|old)/i, 'predict'],
  [/\b(speak|speaks|spoken)\b/i, 'applies or uses'],
  [/\b(keeps|kept)\b/i, 'stores, holds, or stays'],
  [/\bturn(s|ed)? away\b/i, 'rejects'],
  [/\blet(s|ting)? go\b/i, 'releases or closes'],
  [/\blet(s|ting)? in\b/i, 'accepts'],
  [/\blook(s|ed|ing)? (at|again)\b/i, 'reads or checks'],
  [/\bwho(m)?ever\b/i, 'the caller, process, or client'],
  [/\bof none\b/i, 'a sentence with its subject first'],
  [/\banew\b/i, 'again'],
  [/\bsake\b/i, 'because of'],
  [/\bst(and|ands|ood) in (a )?line\b/i, 'waits in a queue'],
  [/\bsee(s|n)? to it\b/i, 'ensures'],
  [/\bin hand\b(?!-)/i, 'in progress'],
  [/\bnobody\b/i, 'no client, no caller, or a passive'],
  [/\bso many\b/i, 'the number, or a unit'],
  [/\bsay(s)? so\b/i, 'reports it'],
  [/\bonceMore/, 'retryOnDuplicateKey'],
  [/\bBells?\b/, 'ChangeNotifier'],
  [/\b(asTold|isDatabaseAway|databaseAway)\b/, 'toClientError, isDatabaseUnavailable'],
  [/\bHold\b/, 'LockMode'],
  [/\b(WayToDecide|byTheRules)\b/, 'DecisionStrategy, ruleStrategy'],
  [/\b(K|k)eptByOthers\b/, 'LockTimeoutError'],
  [/\b(putOff|forUpdateSkippingLocked)\b/, 'deferBatch, forUpdateSkipLocked'],
  [/\b(findUnsound|useSoundInput)\b/, 'findInvalidText, useTextIntegrity'],
  [/\bcatalogues?\b/i, 'flowsAndDeployments'],
  [/\bisDeadlock\b/, 'isRetryable'],
  [/\b(bookRuns|giveBack)\b/, 'reserveRuns, releaseRuns'],
  [/\b(stretches|sunk|meant_id|held_\w+)\b/, 'splitRange, requested_id, current_'],
  [/\b(most|longest|deepest|few)[A-Z]/, 'max'],
  [/\b(useSignposts|keepMemoryFlat)\b/, 'useNotFoundPage, limitHeapGrowth'],
];

function* filesOf(path: string): Generator<string> {
  if (path === join(root, exempt)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path)) yield* filesOf(join(path, name));
}

/** A line with the words of its identifiers apart: `heldState` and `held_state` hold the word "held". */
const wordsOf = (line: string): string => line.replace(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll('_', ' ');

const findBanned = (text: string): string[] =>
  text.split('\n').flatMap((line, index) =>
    banned.flatMap(([word, use]) => {
      const found = word.exec(line) ?? word.exec(wordsOf(line));
      return found === null ? [] : [`line ${index + 1}: "${found[0]}": use ${use}`];
    }),
  );

/** The comments and the titles of a test, each on the line on which it stands. */
const proseOf = (text: string): string =>
  text
    .split('\n')
    .map(line => (/^\s*(\/\/|\/?\*)|^\s*\W*(it|test|describe\w*)\W.*['`"]/.test(line) ? line : ''))
    .join('\n');

test.each(checked)('%s has no banned word', place => {
  const problems = [...filesOf(join(root, place))]
    .filter(file => /\.(ts|md|graphql)$/.test(file))
    .flatMap(file =>
      findBanned(readFileSync(file, 'utf8')).map(found => `${relative(root, file)}, ${found}`),
    );
  expect(problems).toEqual([]);
});

test('comments and titles of tests have no banned word', () => {
  const problems = [...filesOf(join(root, 'test'))]
    .filter(file => file.endsWith('.ts') && file !== __filename)
    .flatMap(file =>
      findBanned(proseOf(readFileSync(file, 'utf8'))).map(found => `${relative(root, file)}, ${found}`),
    );
  expect(problems).toEqual([]);
});

test('a banned word is found inside an identifier', () => {
  expect(findBanned('const errorAnswer = told_fields;')).toEqual([
    'line 1: "Answer": use returns, responds, response, or result',
    'line 1: "told": use reports, receives, or shows',
  ]);
});

test('a banned word is reported with its line and its replacement', () => {
  expect(findBanned('The rule returns.\nThe rule answers anew.')).toEqual([
    'line 2: "answers": use returns, responds, response, or result',
    'line 2: "anew": use again',
  ]);
});
