import { stateTypes } from '../../cli/stateTypes';
import { itemStatuses, operationStatuses } from '../../cli/statuses';
import { transitionCodes } from '../../cli/transitionCodes';
import * as enums from '../../src/domain/bulkOperationEnums';
import * as state from '../../src/domain/state';
import * as transition from '../../src/domain/transition';
import { runCommand } from '../harness/commandLine';

const id = '0199c0de-0000-7000-8000-000000000001';
const nowhere = { SWITCHYARD_URL: 'http://127.0.0.1:1' };

describe('the names that the command line knows', () => {
  it.each([
    ['types of states', stateTypes, state.stateTypes],
    ['statuses of operations', operationStatuses, Object.keys(enums.bulkOperationStatuses)],
    ['statuses of items', itemStatuses, Object.keys(enums.bulkOperationItemStatuses)],
    ['codes', transitionCodes, Object.keys(transition.transitionCodes)],
  ] as const)('are all %s of the gateway', (_what, known, all) => {
    expect([...known].sort()).toEqual([...all].sort());
  });

  it.each([
    [['move', 'NOPE'], stateTypes],
    [['runs', 'list', '--state', 'NOPE'], stateTypes],
    [['runs', 'count', '--state', 'FAILED,NOPE'], stateTypes],
    [['move', 'SCHEDULED', '--state', 'NOPE'], stateTypes],
    [['operations', 'list', '--status', 'NOPE'], operationStatuses],
    [['operations', 'items', id, '--status', 'NOPE'], itemStatuses],
    [['operations', 'items', id, '--code', 'NOPE'], transitionCodes],
    [['operations', 'retry', id, '--code', 'NOPE'], transitionCodes],
  ])('are listed where %j has another one, before anything is sent', async (words, names) => {
    const { code, stdout, stderr } = await runCommand(words, nowhere);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("NOPE' is invalid");
    expect(stderr).toContain(` Must be one of ${names.join(', ')}.`);
  });

  it.each([
    ['operations', 'items', id, '--code', 'no_deployment,Upstream'],
    ['operations', 'retry', id, '--reason', 'again', '--yes', '--code', 'no_deployment'],
    ['runs', 'count', '--state', 'failed, Crashed'],
  ])('may be typed in whatever case: %s %s', async (...words) => {
    const { code, stderr } = await runCommand(words, nowhere);
    expect(code).toBe(1);
    expect(stderr).toContain('No gateway responds');
  });
});
