import type { SoakReport } from './soak';

/** Something that is aimed at. */
export interface Aim {
  readonly name: string;
  readonly value: number;
  readonly below: number;
  readonly unit: string;
}

const mebibytes = (value: number): string => `${value.toFixed(1)} MiB`;

/** What is aimed at, and what was reached. */
export function aimsOf({ before, withSubscribers, after, errors, idlePage, loadedPage }: SoakReport): Aim[] {
  return [
    {
      name: 'errors',
      value: [...errors.values()].reduce((sum, count) => sum + count, 0),
      below: 1,
      unit: '',
    },
    {
      name: 'heap after minus before',
      value: after.heapMegabytes - before.heapMegabytes,
      below: 20,
      unit: 'MiB',
    },
    {
      name: 'resident memory after minus before',
      value: after.residentMegabytes - before.residentMegabytes,
      below: 20,
      unit: 'MiB',
    },
    {
      name: 'resident memory of the idle subscribers',
      value: withSubscribers.residentMegabytes - before.residentMegabytes,
      below: 100,
      unit: 'MiB',
    },
    {
      name: 'page of 50 under load against idle (p95)',
      value: loadedPage / idlePage,
      below: 5,
      unit: 'times',
    },
  ];
}

/** The report as it is printed. */
export function linesOf(report: SoakReport): string[] {
  const { done, errors, before, withSubscribers, underLoad, after, idlePage, loadedPage, exitCode } = report;
  return [
    `done: ${[...done].map(([deed, count]) => `${count} ${deed}`).join(', ')}`,
    ...[...errors].map(([error, count]) => `${count} times ${error}`),
    ...(
      [
        ['before', before],
        ['with idle subscribers', withSubscribers],
        ['at the end of the load', underLoad],
        ['after', after],
      ] as const
    ).map(
      ([when, { heapMegabytes, residentMegabytes }]) =>
        `memory ${when}: heap ${mebibytes(heapMegabytes)}, resident ${mebibytes(residentMegabytes)}`,
    ),
    `page of 50, p95: idle ${idlePage.toFixed(1)} ms, under load ${loadedPage.toFixed(1)} ms`,
    `event loop late under load: p99 ${underLoad.delayP99.toFixed(1)} ms, at most ${underLoad.delayMax.toFixed(1)} ms`,
    `exit code ${exitCode}`,
    ...aimsOf(report).map(
      ({ name, value, below, unit }) =>
        `${value < below ? 'reached' : 'MISSED '} ${name}: ${value.toFixed(1)} ${unit} (below ${below})`,
    ),
  ];
}
