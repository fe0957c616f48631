import type { Kill } from './killing';

/** An invariant: how many things were checked, and which are wrong. */
export interface Invariant {
  name: string;
  checked: number;
  broken: readonly string[];
}

/** What happened, and what it left behind. */
export interface Report {
  kills: readonly Kill[];
  /** How many operations there were, by what they were made for. */
  operations: ReadonlyMap<string, number>;
  /** How many items they decided. */
  decided: number;
  /** How often subscribers lost their gateway and went on at the other. */
  reconnections: number;
  /** How often calls found no gateway or no database, and were made again. */
  repeatedCalls: number;
  /** Seconds from the last kill until every operation had ended. */
  secondsToEnd: number;
  /** Seconds that the batch of a killed worker waited at most until another had decided it. */
  longestTakeover: number;
  /** What processes logged as errors, and how often. */
  errors: ReadonlyMap<string, number>;
  invariants: readonly Invariant[];
}

/** Whether anything that must hold does not. */
export const isBroken = ({ invariants }: Report): boolean =>
  invariants.some(({ broken, checked }) => broken.length > 0 || checked === 0);

const shown = 10;

const countsOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, count]) => `${count} ${name}`).join(', ') || 'none';

/** How many there are of each. */
export function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function linesOfInvariant({ name, checked, broken }: Invariant): string[] {
  const verdict = broken.length > 0 ? 'BROKEN' : checked === 0 ? 'EMPTY ' : 'holds ';
  return [
    `${verdict} ${name}: ${checked} checked, ${broken.length} wrong`,
    ...broken.slice(0, shown).map(what => `         ${what}`),
  ];
}

/** The report as it is printed. */
export const linesOf = (report: Report): string[] => [
  `kills: ${report.kills.length} (${countsOf(tally(report.kills.map(kill => kill.kind)))})`,
  `operations: ${countsOf(report.operations)}`,
  `items decided: ${report.decided}`,
  `calls made again: ${report.repeatedCalls}, subscribers reconnected: ${report.reconnections}`,
  `from the last kill to the end of the last operation: ${report.secondsToEnd.toFixed(1)} s`,
  `longest until the batch of a killed worker was decided by another: ${report.longestTakeover.toFixed(1)} s`,
  `logged errors: ${countsOf(report.errors)}`,
  ...report.invariants.flatMap(linesOfInvariant),
];
