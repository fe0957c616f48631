import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endScripts, runScript } from './npmScript';

// Runs every check and every test. The last line is `N passed, N failed`: the tests, and each step beside them
// counted as one.

/** A step that is one npm script of package.json. */
interface Step {
  name: string;
  script: string;
}

const checks: readonly Step[] = [
  { name: 'types', script: 'check:types' },
  { name: 'lint', script: 'check:lint' },
  { name: 'import directions', script: 'check:imports' },
  { name: 'format', script: 'check:format' },
  { name: 'schema.graphql and docs/codes.md are what the code prints', script: 'schema:check' },
];
const preparation: Step = { name: 'databases and browser for the tests', script: 'test:prepare' };
const tests: Step = { name: 'tests', script: 'jest' };

interface Counts {
  passed: number;
  failed: number;
}

const succeeded: Counts = { passed: 1, failed: 0 };
const failed: Counts = { passed: 0, failed: 1 };

const failedSteps: string[] = [];
let interrupted = false;

async function runStep({ name, script }: Step, output: 'live' | 'at the end'): Promise<Counts> {
  const ending = await runScript(script, [], output);
  report(name, ending.succeeded, ending.seconds);
  if (!ending.succeeded) console.log(ending.output.trimEnd());
  return ending.succeeded ? succeeded : failed;
}

/** One after the other, in the time for which the tests beside them wait. */
async function runChecks(): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const check of checks) {
    if (!interrupted) counts.push(await runStep(check, 'at the end'));
  }
  return counts;
}

async function runTests(): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-results-'));
  try {
    const file = join(folder, 'results.json');
    const ending = await runScript(tests.script, ['--json', `--outputFile=${file}`], 'live');
    report(tests.name, ending.succeeded, ending.seconds);
    return countTests(file, ending.succeeded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The counts that jest left behind, for once it is over its output is not to be relied on. */
function countTests(file: string, allSucceeded: boolean): Counts {
  const results = readResults(file);
  if (results === null) return failed;
  const failures = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return { passed: results.numPassedTests, failed: allSucceeded ? failures : Math.max(failures, 1) };
}

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  /** Test files that failed before their first test. */
  numRuntimeErrorTestSuites: number;
}

function readResults(file: string): JestResults | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestResults;
  } catch {
    return null;
  }
}

function report(name: string, success: boolean, seconds: number): void {
  console.log(`${success ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`);
  if (!success) failedSteps.push(name);
}

function breakOff(): void {
  interrupted = true;
  endScripts();
}

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, breakOff);

  const counts = [await runStep(preparation, 'live')];
  if (!interrupted) counts.push(...(await Promise.all([runChecks(), runTests()])).flat());

  if (interrupted) failedSteps.push('broken off');
  if (failedSteps.length > 0) console.log(`\nFAILED: ${failedSteps.join(', ')}`);
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failures = counts.reduce((sum, count) => sum + count.failed, 0) + (interrupted ? 1 : 0);
  console.log(`${passed} passed, ${failures} failed`);
  process.exitCode = failures === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
