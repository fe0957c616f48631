import { pauseAdvice } from '../../cli/pauseAdvice';
import { bulkOperationPauses } from '../../src/domain/bulkOperationEnums';

const id = '0199c0de-0000-7000-8000-000000000001';

describe('pauseAdvice', () => {
  it.each(Object.keys(bulkOperationPauses))('says for %s what happened, and how to resume', pausedFor => {
    const advice = pauseAdvice({ id, pausedFor });
    expect(advice).toMatch(/^Paused (by|after|because) /);
    expect(advice).toContain(`switchyard operations resume ${id}`);
    expect(advice).toContain(`switchyard operations cancel ${id}`);
  });

  it('names the credentials that a Prefect server refuses', () => {
    expect(pauseAdvice({ id, pausedFor: 'UPSTREAM_REFUSED' })).toContain('PREFECT_API_KEY');
  });

  it('shows the runs that failed where those are the cause', () => {
    for (const pausedFor of ['FAILURE_RATIO', 'UPSTREAM_UNREACHABLE'])
      expect(pauseAdvice({ id, pausedFor })).toContain(`operations items ${id} --status ABORT,REJECT,WAIT`);
    expect(pauseAdvice({ id, pausedFor: 'REQUESTED' })).not.toContain('items');
  });

  it('is null for an operation that is not paused, and names a cause that it does not know', () => {
    expect(pauseAdvice({ id, pausedFor: null })).toBeNull();
    expect(pauseAdvice({ id, pausedFor: 'ELSE' })).toContain('ELSE');
  });
});
