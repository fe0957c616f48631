import { openApplication } from '../../src/bootstrap';
import { readConfig } from '../../src/config/config';
import { createLogger } from '../../src/platform/logging';
import type { Services } from '../../src/transitions/services';
import { describeOnEveryDatabase } from '../harness/databases';
import type { FilterRecording } from './filters';
import filters from './filters.json';
import { type Outcome, playRecording, type Recording } from './play';
import type { TransitionCase } from './transitions';
import transitions from './transitions.json';

describeOnEveryDatabase('the recorded cases through the schema, on a real database', database => {
  let services: Services;

  beforeAll(async () => {
    services = await openApplication(readConfig({ DATABASE_URL: database.url }), createLogger('silent'));
  });
  afterAll(() => services?.database.close());

  async function failuresOf(recording: Recording): Promise<{ played: number; failures: Outcome[] }> {
    const outcomes: Outcome[] = [];
    for await (const outcome of playRecording(services, recording)) outcomes.push(outcome);
    return {
      played: outcomes.length,
      failures: outcomes.filter(({ differences }) => differences.length > 0),
    };
  }

  test('give the recorded results of filters and sorts', async () => {
    const recording = filters as unknown as FilterRecording;
    const { played, failures } = await failuresOf(recording);
    expect(failures).toEqual([]);
    expect(played).toBe(recording.queries.length + Object.keys(recording.sorts).length);
  }, 120_000);

  test('give the recorded results of transitions', async () => {
    const recording = transitions as unknown as { cases: TransitionCase[] };
    const { played, failures } = await failuresOf(recording);
    expect(failures).toEqual([]);
    expect(played).toBe(recording.cases.length);
  }, 300_000);
});
