import { readRunsAddress, writeRunsAddress } from '../../console/runs/filter/filterInAddress';
import { filterInWords } from '../../console/runs/filter/filterInWords';
import { emptyFilter, isEmptyFilter, type RunFilter } from '../../console/runs/filter/runFilter';
import { serverFilterOf } from '../../console/runs/filter/serverFilter';

const now = new Date('2026-11-24T06:00:00Z');
const id = '01a20d2b-1926-77ea-8822-631e27f1bee4';

const everything: RunFilter = {
  states: ['FAILED', 'CRASHED'],
  stateNames: ['TimedOut'],
  flows: ['etl, nightly'],
  deployments: ['production'],
  tags: ['eu', 'orders & more'],
  queues: ['batch'],
  ids: [id],
  name: 'brisk',
  message: '100 %',
  time: { after: '2026-11-23T22:00:00.000Z', before: null },
};

const problemsOf = (search: string) => readRunsAddress(new URLSearchParams(search)).problems;

describe('the filter of the runs page', () => {
  it('returns from the address as it went there, with its order', () => {
    const params = new URLSearchParams(writeRunsAddress(everything, 'NAME_ASC').toString());
    expect(readRunsAddress(params)).toEqual({ filter: everything, sort: 'NAME_ASC', problems: [] });
  });

  it('leaves an address without a query alone', () => {
    expect(writeRunsAddress(emptyFilter, 'ID_DESC').toString()).toBe('');
    expect(readRunsAddress(new URLSearchParams()).filter).toEqual(emptyFilter);
    expect([isEmptyFilter(emptyFilter), isEmptyFilter(everything)]).toEqual([true, false]);
  });

  it('is sent to the gateway as one condition for each of its fields', () => {
    expect(serverFilterOf(everything, now)).toEqual({
      id: { any: [id] },
      name: { like: 'brisk' },
      flow: { name: { any: ['etl, nightly'] } },
      deployment: { name: { any: ['production'] } },
      tags: { all: ['eu', 'orders & more'] },
      workQueueName: { any: ['batch'] },
      state: {
        type: { any: ['FAILED', 'CRASHED'] },
        name: { any: ['TimedOut'] },
        message: { like: '100 %' },
      },
      startTime: { after: '2026-11-23T22:00:00.000Z' },
    });
    expect(serverFilterOf(emptyFilter, now)).toEqual({});
  });

  it('counts "in the last" back from one instant', () => {
    expect(serverFilterOf({ ...emptyFilter, time: { last: '24h' } }, now)).toEqual({
      startTime: { after: '2026-11-23T06:00:00.000Z' },
    });
  });

  it.each([
    ['state=FAILD', 'state: "FAILD" is no state type.'],
    ['id=1', 'id: "1" is no id.'],
    ['sort=UP', 'sort: "UP" is no order.'],
    ['colour=red', 'colour: there is no such filter.'],
    ['name=a&name=b', 'name: must be given once.'],
    ['last=25h', 'last: must be one of 15m, 1h, 6h, 12h, 24h, 3d, 7d, 30d (got "25h").'],
    [
      'after=2026-11-24',
      'after: must be a date, time and zone, for example 2026-11-24T00:00:00Z (got "2026-11-24").',
    ],
    ['after=2026-11-24T01:00:00Z&before=2026-11-24T00:00:00Z', 'after: must not be later than before.'],
    ['last=24h&after=2026-11-24T01:00:00Z', 'last: cannot be combined with after or before.'],
  ])('reports what is wrong with the address ?%s', (search, problem) => {
    expect(problemsOf(search)).toEqual([problem]);
  });

  it('is said in words', () => {
    expect(filterInWords(emptyFilter, now, text => text)).toBe('All runs, of any time');
    expect(
      filterInWords({ ...emptyFilter, states: ['FAILED'], time: { last: '24h' } }, now, text => text),
    ).toBe('Runs in a state of type FAILED, started in the last 24 hours (since 2026-11-23T06:00:00.000Z)');
    expect(filterInWords(everything, now, text => text)).toBe(
      'Runs in a state of type FAILED or CRASHED, in a state named “TimedOut”, with “100 %” in the message of their ' +
        'state, of the flow “etl, nightly”, of the deployment “production”, with the tags “eu” and “orders & more”, ' +
        `in the work queue “batch”, with “brisk” in their name, with the id ${id}, started from 2026-11-23T22:00:00.000Z`,
    );
  });
});
