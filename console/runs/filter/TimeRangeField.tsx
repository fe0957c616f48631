import { useEffect, useId, useState } from 'preact/hooks';
import { fromTimeInput, toTimeInput } from '../../ui/formatTime';
import { zone, zoneName } from '../../ui/zone';
import type { TimeRange } from './runFilter';
import { isTimePreset, timePresets } from './timePresets';

interface TimeRangeFieldProps {
  readonly time: TimeRange | null;
  onChange(time: TimeRange | null): void;
}

interface BoundProps {
  readonly label: string;
  readonly instant: string | null;
  onChange(instant: string | null): void;
}

function Bound({ label, instant, onChange }: BoundProps) {
  const id = useId();
  const isUtc = zone.value === 'utc';
  const shown = instant === null ? '' : toTimeInput(instant, isUtc);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  return (
    <div class="field field-wide">
      <label for={id}>
        {label} ({zoneName(zone.value)})
      </label>
      <input
        id={id}
        type="datetime-local"
        step="1"
        value={text}
        onInput={event => setText(event.currentTarget.value)}
        onBlur={() => text !== shown && onChange(fromTimeInput(text, isUtc))}
        onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </div>
  );
}

/** When the runs started: any time, in the last hours or days, or from and to. */
export function TimeRangeField({ time, onChange }: TimeRangeFieldProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const range = time !== null && !('last' in time) ? time : null;
  const choice = range !== null || isOpen ? 'range' : time !== null && 'last' in time ? time.last : '';
  const bounds = range ?? { after: null, before: null };
  const change = (changed: { after: string | null; before: string | null }) =>
    onChange(changed.after === null && changed.before === null ? null : changed);
  return (
    <>
      <div class="field">
        <label for={id}>Started</label>
        <select
          id={id}
          value={choice}
          onChange={event => {
            const { value } = event.currentTarget;
            setOpen(value === 'range');
            if (value === '') onChange(null);
            else if (isTimePreset(value)) onChange({ last: value });
          }}
        >
          <option value="">Any time</option>
          {Object.entries(timePresets).map(([name, { words }]) => (
            <option key={name} value={name}>
              Last {words}
            </option>
          ))}
          <option value="range">From … to …</option>
        </select>
      </div>
      {choice === 'range' && (
        <>
          <Bound label="From" instant={bounds.after} onChange={after => change({ ...bounds, after })} />
          <Bound label="To" instant={bounds.before} onChange={before => change({ ...bounds, before })} />
        </>
      )}
    </>
  );
}
