import type { Plugin } from 'graphql-yoga';
import { printJson } from '../../domain/jsonText';

const printExactly = (result: object): void => {
  Object.assign(result, { stringify: printJson });
};

/** Prints each number of a response as it was written. */
export function useExactNumbers(): Plugin {
  return {
    onExecute: () => ({ onExecuteDone: ({ result }) => printExactly(result) }),
    onSubscribe: () => ({
      onSubscribeResult: () => ({ onNext: ({ result }) => printExactly(result) }),
    }),
  };
}
