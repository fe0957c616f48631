import { useState } from 'preact/hooks';

/** Above this, the number of runs is typed by hand. */
const maxUntyped = 1000;

/** A number of runs that is confirmed before they are moved. */
export interface TypedCount {
  readonly count: number;
  readonly mustType: boolean;
  readonly typed: string;
  /** Whether something else was typed. */
  readonly isWrong: boolean;
  /** Whether it was typed right or is small enough. */
  readonly isConfirmed: boolean;
  type(text: string): void;
}

/** Lets a large number of runs be typed by hand, with or without separators. */
export function useTypedCount(count: number): TypedCount {
  const [typed, setTyped] = useState('');
  const mustType = count > maxUntyped;
  const isTyped = typed.replaceAll(/[\s,.']/g, '') === String(count);
  return {
    count,
    mustType,
    typed,
    isWrong: mustType && typed !== '' && !isTyped,
    isConfirmed: !mustType || isTyped,
    type: setTyped,
  };
}
