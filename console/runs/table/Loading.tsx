import { useEffect, useState } from 'preact/hooks';

const patienceMilliseconds = 2000;

interface LoadingProps {
  onStop(): void;
}

/** Says that rows are loading; after some seconds why that can take long, with a way to stop it. */
export function Loading({ onStop }: LoadingProps) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), patienceMilliseconds);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return <p class="runs-more muted">Loading …</p>;
  return (
    <p class="runs-more" role="status">
      Still searching. A part of a name or of a message is looked for run by run: a state, a flow or a time
      makes it fast.{' '}
      <button type="button" class="button" onClick={onStop}>
        Stop
      </button>
    </p>
  );
}
