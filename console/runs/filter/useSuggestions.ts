import { useEffect, useState } from 'preact/hooks';
import { useQuery } from '../../api/useQuery';
import type { TypedDocumentString } from '../../generated/graphql';
import type { Suggestion } from '../../ui/Suggestion';

const pauseMilliseconds = 150;

/** Values for a text field, and the field's report of what is typed. */
interface LiveSuggestions {
  readonly suggestions: readonly Suggestion[];
  onType(text: string): void;
}

/**
 * Loads values in use while a field is typed into, and none before. That they cannot be loaded is no problem of the field:
 * each value can be typed.
 */
export function useSuggestions<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variablesOf: (text: string) => Variables,
  valuesOf: (result: Result) => readonly Suggestion[],
): LiveSuggestions {
  const [typed, setTyped] = useState<string | null>(null);
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery(document, settled === null ? null : variablesOf(settled));
  return { suggestions: data === undefined ? [] : valuesOf(data), onType: setTyped };
}
