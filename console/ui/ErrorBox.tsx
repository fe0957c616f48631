import type { ComponentChildren } from 'preact';
import { adviceFor, type Problem } from '../api/problem';
import { Icon } from './Icon';

interface ErrorBoxProps {
  readonly problem: Problem | undefined;
  /** Offers to try again. */
  readonly onRetry?: () => void;
  /** What to do if it took too long, in place of the general advice. */
  readonly slowAdvice?: string;
  /** What to do, in place of the general advice for the code. */
  readonly children?: ComponentChildren;
}

/** A refusal or an error, beside what caused it: what is wrong, and what to do. */
export function ErrorBox({ problem, onRetry, slowAdvice, children }: ErrorBoxProps) {
  if (problem === undefined) return null;
  const advice = (problem.code === 'TIMEOUT' ? slowAdvice : undefined) ?? adviceFor(problem);
  return (
    <div class="notice notice-error" role="alert">
      <Icon name="warning" />
      <div class="notice-text">
        <p>
          <strong>{problem.message}</strong> <span class="code">{problem.code}</span>
        </p>
        {problem.issues.length > 0 && (
          <ul>
            {problem.issues.map(issue => (
              <li key={issue}>{issue}</li>
            ))}
          </ul>
        )}
        <p>{children ?? advice}</p>
      </div>
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
