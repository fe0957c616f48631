import { attachedTo } from '../../api/viewer';
import { formatSeconds } from '../../ui/formatTime';

interface ForecastProps {
  readonly runs: number;
  /** null: no limit. */
  readonly runsPerSecond: number | null | undefined;
}

/** What is known of the time that a plan takes once it is started: its rate, and what carries it out. */
export function Forecast({ runs, runsPerSecond }: ForecastProps) {
  const texts = [
    runsPerSecond &&
      `At ${runsPerSecond} runs per second it takes at least ${formatSeconds(runs / runsPerSecond)}.`,
    attachedTo.value !== null &&
      'The Prefect server moves the runs one by one: the page of the operation shows its speed and the time left.',
  ].filter(Boolean);
  return texts.length > 0 ? <p class="muted">{texts.join(' ')}</p> : null;
}
