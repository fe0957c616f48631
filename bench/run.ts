import { attached } from './attached';
import { concurrent } from './concurrent';
import { consoleFirstRows } from './consoleFirstRows';
import { consoleMemory } from './consoleMemory';
import { exportItems } from './exportItems';
import { filters } from './filters';
import { mainJob, mainJobEmbedded } from './mainJob';
import {
  operations,
  operationsBeside,
  operationsEmbedded,
  operationsMillion,
  operationsTwoWorkers,
} from './operations';
import { persistence } from './persistence';
import { stalls } from './stalls';
import { startup } from './startup';
import { openWorkshop } from './support/fixture';
import { type Benchmark, keep, type ReportRow, tableOf } from './support/report';

const benchmarks: Record<string, Benchmark> = {
  mainJob,
  mainJobEmbedded,
  concurrent,
  startup,
  stalls,
  filters,
  persistence,
  consoleFirstRows,
  consoleMemory,
  exportItems,
  operations,
  operationsEmbedded,
  operationsTwoWorkers,
  operationsBeside,
  operationsMillion,
  attached,
};

async function run(asked: readonly string[]): Promise<void> {
  const names = asked.length > 0 ? asked : Object.keys(benchmarks);
  const workshop = await openWorkshop();
  try {
    for (const name of names) {
      const benchmark = benchmarks[name];
      if (!benchmark)
        throw new RangeError(
          `there is no benchmark ${name}; there are ${Object.keys(benchmarks).join(', ')}`,
        );
      const rows: ReportRow[] = [];
      await benchmark(workshop, row => {
        rows.push(row);
        console.error(`${name} ${JSON.stringify(row)}`);
      });
      await keep(name, rows);
      console.log(`\n${name}\n\n${tableOf(rows)}`);
    }
  } finally {
    await workshop.close();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
