import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useQuery } from '../api/useQuery';
import { hasScope, whyForbidden } from '../api/viewer';
import { usePageTitle } from '../app/usePageTitle';
import { type FlowRunSort, RunStateCountsDocument, RunsCountDocument } from '../generated/graphql';
import { addressOf, navigate, query } from '../location/location';
import { announce } from '../ui/announce';
import { BadAddress } from '../ui/BadAddress';
import { ErrorBox } from '../ui/ErrorBox';
import { countOf, formatNumber } from '../ui/formatNumber';
import { formatTimeWithZone } from '../ui/formatTime';
import { Icon } from '../ui/Icon';
import { useKeys } from '../ui/keys';
import { Notice } from '../ui/Notice';
import { zone, zoneName } from '../ui/zone';
import { ActPanel } from './act/ActPanel';
import { FilterBar } from './filter/FilterBar';
import { readRunsAddress, sorts, writeRunsAddress } from './filter/filterInAddress';
import { filterInWords } from './filter/filterInWords';
import type { RunFilter } from './filter/runFilter';
import { serverFilterOf } from './filter/serverFilter';
import { slowSearchAdvice } from './filter/slowSearchAdvice';
import { startingTime } from './firstRows';
import { RunHistory } from './history/RunHistory';
import { SelectionBar } from './SelectionBar';
import { isSelecting, noSelection, operationSetOf, type Selection } from './selection';
import { RunsTable } from './table/RunsTable';
import { useRuns } from './table/useRuns';
import { useRecount } from './useRecount';
import './RunsPage.css';

/** The runs: filter, see, select, act. */
export function RunsPage() {
  usePageTitle('Runs');
  const params = query.value;
  const { filter, sort, problems } = useMemo(() => readRunsAddress(params), [params.toString()]);
  const isReadable = problems.length === 0;
  const filterKey = JSON.stringify(filter);

  // What "in the last 24 hours" counts back from: a set that is shown does not change by itself.
  const [round, setRound] = useState(0);
  const now = useMemo(startingTime, [filterKey, round]);
  const shown = useMemo(() => serverFilterOf(filter, now), [now]);

  const [view, setView] = useState<readonly string[]>([]);
  const runs = useRuns(isReadable ? { filter: shown, sort } : null, round, view);
  // What counts the runs costs the gateway more than the rows, which must not wait for it.
  const mayCount = isReadable && runs.isSettled;
  const count = useQuery(RunsCountDocument, mayCount ? { filter: shown } : null);
  const stateless = useMemo(() => serverFilterOf({ ...filter, states: [] }, now), [now]);
  const states = useQuery(RunStateCountsDocument, mayCount ? { filter: stateless } : null);
  const total = count.isStale ? undefined : count.data?.flowRunCount;
  const totalNow = useRecount(shown, runs.changesOfOthers);
  const more = typeof totalNow === 'number' && total !== undefined ? totalNow - total : 0;
  const hasMissed = runs.hasMissed || totalNow === null;

  const [selection, setSelection] = useState<Selection>(noSelection);
  const [dropped, setDropped] = useState<string | null>(null);
  const [isActing, setActing] = useState(false);
  const selectedFor = useRef(filterKey);
  useEffect(() => {
    if (selectedFor.current === filterKey) return;
    selectedFor.current = filterKey;
    if (!isSelecting(selection)) return;
    const what =
      selection.kind === 'matching'
        ? 'all runs that matched are no longer selected.'
        : `${countOf(selection.ids.size, 'ticked run')} ${selection.ids.size === 1 ? 'is' : 'are'} no longer selected.`;
    setSelection(noSelection);
    setDropped(`The filter changed: ${what}`);
    announce(`The filter changed: ${what}`);
  }, [filterKey]);

  const select = useCallback((selected: Selection) => {
    setSelection(selected);
    setDropped(null);
  }, []);
  const go = (changed: RunFilter, order: FlowRunSort = sort) =>
    navigate(addressOf('/runs', writeRunsAddress(changed, order)));
  const refresh = () => {
    setRound(before => before + 1);
    count.refresh();
    states.refresh();
  };
  useKeys([
    { key: 'a', meaning: 'Act on the selected runs', act: () => isSelecting(selection) && setActing(true) },
    { key: 'r', meaning: 'Load the list again', act: refresh },
    { key: 'Escape', meaning: 'Close the panel, then clear the selection', act: leave },
  ]);
  const actButton = useRef<HTMLButtonElement>(null);
  function closePanel(): void {
    setActing(false);
    actButton.current?.focus();
  }
  function leave(): void {
    if (document.activeElement instanceof HTMLInputElement && document.activeElement.type !== 'checkbox')
      document.activeElement.blur();
    else if (isActing) closePanel();
    else select(noSelection);
  }

  const isUtc = zone.value === 'utc';
  const timeOf = (instant: string) => formatTimeWithZone(instant, isUtc, zoneName(zone.value));
  const words = filterInWords(filter, now, timeOf);
  const slowAdvice = slowSearchAdvice(filter, words);
  const set = operationSetOf(selection, shown);
  const selectedWords =
    selection.kind === 'matching'
      ? `All ${total === undefined ? '' : `${formatNumber(total)} `}that match: ${words}`
      : countOf(selection.ids.size, 'ticked run');
  const loadedIds = new Set(runs.rows.map(({ id }) => id));
  const outOfView =
    selection.kind === 'rows' ? [...selection.ids].filter(id => !loadedIds.has(id)).length : 0;
  const stateCounts = states.isStale
    ? undefined
    : states.data &&
      new Map(
        states.data.flowRunStateCounts.map(({ stateType, count: runCount }) => [stateType ?? null, runCount]),
      );

  // Equal elements are not rendered again: rows that arrive, or are ticked, do not wait for them.
  const filterBar = useMemo(
    () => (
      <FilterBar
        filter={filter}
        shown={shown}
        words={isReadable ? words : 'The address cannot be read.'}
        counts={stateCounts}
        onChange={changed => go(changed)}
      />
    ),
    [filter, sort, shown, words, states.data, states.isStale],
  );
  const history = useMemo(
    () => (
      <RunHistory
        filter={shown}
        time={filter.time}
        now={now}
        isWaiting={!mayCount}
        slowAdvice={slowAdvice}
        onChoose={time => go({ ...filter, time })}
      />
    ),
    [filter, sort, shown, now, mayCount, slowAdvice],
  );

  return (
    <div class="runs-page">
      <div class="runs-title">
        <h1>Runs</h1>
        <p class="muted" aria-live="polite">
          {isReadable &&
            !runs.isStopped &&
            (total === undefined ? 'counting …' : `${formatNumber(total)} match`)}
        </p>
        <div class="runs-order">
          <label for="sort">Order</label>
          <select
            id="sort"
            value={sort}
            onChange={event => {
              const [order] =
                Object.entries(sorts).find(([name]) => name === event.currentTarget.value) ?? [];
              if (order !== undefined) go(filter, order as FlowRunSort);
            }}
          >
            {Object.entries(sorts).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
          <button type="button" class="button" onClick={refresh}>
            <Icon name="refresh" />
            Refresh
          </button>
        </div>
      </div>
      {filterBar}
      {isReadable && history}
      {!isReadable && <BadAddress missing="runs" problems={problems} view="/runs" />}
      <ErrorBox problem={count.problem ?? states.problem} slowAdvice={slowAdvice} onRetry={refresh} />
      <ErrorBox problem={runs.problem} slowAdvice={slowAdvice} onRetry={refresh} />
      {dropped !== null && (
        <Notice kind="warning" onClose={() => setDropped(null)}>
          {dropped}
        </Notice>
      )}
      {(more !== 0 || hasMissed || runs.changed.size > 0) && (
        <div class="runs-news" role="status">
          <span>
            {[
              runs.changed.size > 0 && `${countOf(runs.changed.size, 'run')} in the list changed.`,
              more !== 0 &&
                `${countOf(Math.abs(more), more > 0 ? 'more run' : 'fewer run')} ${Math.abs(more) === 1 ? 'matches' : 'match'} now.`,
              hasMissed && 'Some changes were missed.',
            ]
              .filter(Boolean)
              .join(' ')}
          </span>
          <button type="button" class="button" onClick={refresh}>
            Load the list again
          </button>
        </div>
      )}
      {isReadable && (
        <div class={`runs-body ${isActing ? 'is-acting' : ''}`}>
          <div class="runs-list">
            <RunsTable runs={runs} total={total} selection={selection} onSelect={select} onView={setView} />
            <SelectionBar
              selection={selection}
              total={total}
              outOfView={outOfView}
              isActOpen={isActing}
              actButton={actButton}
              onSelect={select}
              onAct={() => setActing(true)}
            />
          </div>
          {isActing && isSelecting(selection) && (
            <ActPanel
              set={set}
              words={selectedWords}
              forbidden={whyForbidden('operate')}
              mayForce={hasScope('force')}
              onClose={closePanel}
            />
          )}
        </div>
      )}
    </div>
  );
}
