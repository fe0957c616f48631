import type { Plugin } from 'graphql-yoga';
import { timeout } from '../domain/errors';

/**
 * Gives up queries and mutations that take longer than so many seconds, with the code TIMEOUT: no further field is
 * begun. Subscriptions last as long as they like.
 */
export function useTimeout({ requestTimeoutSeconds }: { readonly requestTimeoutSeconds: number }): Plugin {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      setExecuteFn(async executionArguments => {
        const controller = new AbortController();
        const timer = setTimeout(() => {
          controller.abort(
            timeout(
              `The answer took longer than ${requestTimeoutSeconds} seconds and was given up. ` +
                'What was being written by then may still be written.',
            ),
          );
        }, requestTimeoutSeconds * 1000);
        const gone = args.contextValue.request?.signal;
        const signal = gone ? AbortSignal.any([gone, controller.signal]) : controller.signal;
        try {
          return await executeFn({ ...executionArguments, signal });
        } finally {
          clearTimeout(timer);
        }
      });
    },
  };
}
