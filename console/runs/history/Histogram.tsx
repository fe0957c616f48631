import { useRef, useState } from 'preact/hooks';
import type { RunHistoryQuery, StateType } from '../../generated/graphql';
import { formatNumber } from '../../ui/formatNumber';
import { formatTime } from '../../ui/formatTime';
import { type Zone, zone, zoneName } from '../../ui/zone';
import { stateTypes } from '../filter/runFilter';
import { bucketsOf, type Choice, choiceAfterKey } from './historyRange';
import './Histogram.css';

type Bucket = RunHistoryQuery['flowRunHistory'][number];

interface HistogramProps {
  readonly buckets: readonly Bucket[];
  /** Chooses a range of the time, as two instants. */
  onChoose(after: string, before: string): void;
}

const height = 64;
const barWidth = 10;
const gap = 1;

const word = (type: StateType): string => type.charAt(0) + type.slice(1).toLowerCase();

const countIn = ({ counts }: Bucket, type: StateType): number =>
  counts.find(({ stateType }) => stateType === type)?.count ?? 0;

const totalOf = ({ counts }: Bucket): number => counts.reduce((sum, { count }) => sum + count, 0);

/** Buckets in words: their span, and how many runs are in which state. */
function inWords(buckets: readonly Bucket[], chosen: Zone): string {
  const isUtc = chosen === 'utc';
  const [first] = buckets;
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return '';
  const states = stateTypes
    .map(type => [type, buckets.reduce((sum, bucket) => sum + countIn(bucket, type), 0)] as const)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `${formatNumber(count)} ${word(type)}`);
  const span = `${formatTime(first.from, isUtc)} to ${formatTime(last.to, isUtc)} (${zoneName(chosen)})`;
  return `${span}: ${states.length === 0 ? 'no runs' : states.join(', ')}`;
}

function Bar({ bucket, x, max }: { readonly bucket: Bucket; readonly x: number; readonly max: number }) {
  let y = height;
  return (
    <>
      {stateTypes.toReversed().map(type => {
        const size = (countIn(bucket, type) / max) * height;
        if (size === 0) return null;
        y -= size;
        return (
          <rect
            key={type}
            class={`bar-${type.toLowerCase()}`}
            x={x}
            y={y}
            width={barWidth - gap}
            height={size}
          />
        );
      })}
    </>
  );
}

/**
 * The states of runs over time. A range is chosen by dragging, or by keyboard: arrows move, with Shift they extend, Enter
 * filters by what is chosen.
 */
export function Histogram({ buckets: newest, onChoose }: HistogramProps) {
  const plot = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState<Choice | null>(null);
  // Newer data must not move the bars under a choice that is being made.
  const shown = useRef(newest);
  if (choice === null) shown.current = newest;
  const { current: buckets } = shown;
  const [hovered, setHovered] = useState<number | null>(null);
  const isDragging = useRef(false);
  const width = buckets.length * barWidth;
  const max = Math.max(1, ...buckets.map(totalOf));
  const [first, last] = choice === null ? [0, -1] : bucketsOf(choice);
  const chosen = buckets.slice(first, last + 1);
  const described = choice === null && hovered !== null ? buckets.slice(hovered, hovered + 1) : chosen;
  const words = inWords(described.length > 0 ? described : buckets, zone.value);

  const bucketAt = (clientX: number): number => {
    const box = plot.current?.getBoundingClientRect();
    if (box === undefined) return 0;
    const place = Math.floor(((clientX - box.left) / box.width) * buckets.length);
    return Math.max(0, Math.min(buckets.length - 1, place));
  };
  const apply = ([from, to]: readonly [number, number]) => {
    const after = buckets[from]?.from;
    const before = buckets[to]?.to;
    setChoice(null);
    if (after !== undefined && before !== undefined) onChoose(after, before);
  };

  return (
    <figure class="histogram">
      <div
        ref={plot}
        class="histogram-plot"
        tabIndex={0}
        role="slider"
        aria-label={`Runs over time (${zoneName(zone.value)}). Arrows move, Shift and arrows extend, Enter filters.`}
        aria-valuemin={1}
        aria-valuemax={buckets.length}
        aria-valuenow={(choice?.cursor ?? buckets.length - 1) + 1}
        aria-valuetext={words}
        onPointerDown={event => {
          if (event.button !== 0 || buckets.length === 0) return;
          isDragging.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = bucketAt(event.clientX);
          setChoice({ anchor: at, cursor: at });
        }}
        onPointerMove={event => {
          const at = bucketAt(event.clientX);
          setHovered(at);
          if (isDragging.current) setChoice(before => before && { ...before, cursor: at });
        }}
        onPointerUp={() => {
          if (isDragging.current && choice !== null) apply(bucketsOf(choice));
          isDragging.current = false;
        }}
        onPointerCancel={() => {
          isDragging.current = false;
          setChoice(null);
        }}
        onPointerLeave={() => setHovered(null)}
        onBlur={() => setChoice(null)}
        onKeyDown={event => {
          if (buckets.length === 0) return;
          if (event.key === 'Enter' && choice !== null) apply(bucketsOf(choice));
          if (event.key === 'Escape' && choice !== null) {
            event.preventDefault();
            setChoice(null);
          }
          const start = choice ?? { anchor: buckets.length, cursor: buckets.length };
          const next = choiceAfterKey(start, event.key, event.shiftKey && choice !== null, buckets.length);
          if (next === null) return;
          event.preventDefault();
          setChoice(next);
        }}
      >
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          {buckets.map((bucket, index) => (
            <Bar key={bucket.from} bucket={bucket} x={index * barWidth} max={max} />
          ))}
          {choice !== null && (
            <rect
              class="histogram-choice"
              x={first * barWidth}
              y={0}
              width={(last - first + 1) * barWidth}
              height={height}
            />
          )}
        </svg>
      </div>
      <figcaption class="muted">{words}</figcaption>
    </figure>
  );
}
