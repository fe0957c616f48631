import type { Operation } from './operation';

const causes: Readonly<Record<string, string>> = {
  REQUESTED: 'Paused by a command.',
  CANARY: 'Paused after its first runs, for a review.',
  FAILURE_RATIO: 'Paused because too many runs were not accepted.',
  UPSTREAM_REFUSED:
    'Paused because the Prefect server does not accept the credentials of the gateway. Correct PREFECT_API_KEY or\n' +
    'PREFECT_API_AUTH_STRING of the gateway and restart it, then resume the operation.',
  UPSTREAM_UNREACHABLE:
    'Paused because the Prefect server failed on twenty runs in a row. See the reasons of these runs and the log of the\n' +
    'server, then resume the operation when the server works.',
};

const withOutcomes = ['CANARY', 'FAILURE_RATIO', 'UPSTREAM_UNREACHABLE'];

/** Why an operation is paused and what to do about it, with the commands to copy; null if it is not paused. */
export function pauseAdvice({ id, pausedFor }: Pick<Operation, 'id' | 'pausedFor'>): string | null {
  if (pausedFor === null) return null;
  const commands = [
    ...(withOutcomes.includes(pausedFor)
      ? [['See', `switchyard operations items ${id} --status ABORT,REJECT,WAIT`] as const]
      : []),
    ['Resume', `switchyard operations resume ${id}`] as const,
    ['Cancel', `switchyard operations cancel ${id}`] as const,
  ];
  return [
    causes[pausedFor] ?? `Paused (${pausedFor}).`,
    ...commands.map(([what, command]) => `${`${what}:`.padEnd(8)}${command}`),
  ].join('\n');
}
