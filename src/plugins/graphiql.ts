import type { GraphiQLOptions } from 'graphql-yoga';
import type { Example } from './examples';

/** What Yoga is given for its page to try queries on. */
export interface GraphiQLSettings {
  readonly graphiql: GraphiQLOptions | false;
  readonly renderGraphiQL: (options?: GraphiQLOptions) => Promise<string>;
}

/**
 * The page to try queries on, with examples as its first tabs; switched off, there is none. The page needs nothing
 * from other servers. It is loaded when somebody first asks for it, as it takes 9 MB.
 */
export const graphiqlSettings = (isOn: boolean, examples: readonly Example[]): GraphiQLSettings => ({
  graphiql: isOn && { title: 'Switchyard', defaultTabs: examples.map(example => ({ ...example })) },
  renderGraphiQL: async options => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
});
