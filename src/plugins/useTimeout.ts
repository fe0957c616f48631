import type { Plugin } from 'graphql-yoga';
import { timeout } from '../domain/errors';

/**
 * Gives up queries and mutations that take longer than so many seconds, with the code TIMEOUT: no further field is
 * begun. Subscriptions last as long as they like.
 */
export function useTimeout({ requestTimeoutSeconds }: { readonly requestTimeoutSeconds: number }): Plugin {
  const message =
    `The answer took longer than ${requestTimeoutSeconds} seconds and was given up. ` +
    'What was being written by then may still be written.';

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      setExecuteFn(async executionArguments => {
        const controller = new AbortController();
        const { signal } = controller;
        // By hand: AbortSignal.any leaves every request something to be collected later.
        const gone: AbortSignal | undefined = args.contextValue.request?.signal;
        const leave = () => controller.abort(gone?.reason);
        if (gone?.aborted) leave();
        gone?.addEventListener('abort', leave);
        let timer: NodeJS.Timeout | undefined;
        const tooLong = new Promise<never>((_resolve, reject) => {
          timer = setTimeout(() => {
            const error = timeout(message);
            reject(error);
            controller.abort(error);
          }, requestTimeoutSeconds * 1000);
        });
        try {
          const withSignal = { ...executionArguments, signal };
          // The signal alone keeps further fields from being begun, but does not end the wait for one that hangs.
          return await Promise.race<unknown>([executeFn(withSignal), tooLong]);
        } finally {
          clearTimeout(timer);
          gone?.removeEventListener('abort', leave);
        }
      });
    },
  };
}
