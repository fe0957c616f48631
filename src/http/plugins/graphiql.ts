import type { GraphiQLOptions } from 'graphql-yoga';
import type { Example } from './examples';

/** What Yoga is given for its page to try queries on. */
export interface GraphiQLSettings {
  readonly graphiql: GraphiQLOptions | false;
  readonly renderGraphiQL: (options?: GraphiQLOptions) => Promise<string>;
}

// The page slides its tabs into place, and leaves them a place that is not theirs to jump to when a mouse button goes
// down on one: the button would come up beside the tab, and the first click on each would do nothing.
const tabsThatStay = '<style>.graphiql-tab { transform: none !important }</style>';

/**
 * The page to try queries on, with examples as its first tabs; switched off, there is none. The page needs nothing
 * from other servers. It is loaded when somebody first asks for it, as it takes 9 MB.
 */
export const graphiqlSettings = (isOn: boolean, examples: readonly Example[]): GraphiQLSettings => ({
  graphiql: isOn && { title: 'Switchyard', defaultTabs: examples.map(example => ({ ...example })) },
  async renderGraphiQL(options) {
    const page = (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options);
    return page.replace('</head>', () => `${tabsThatStay}</head>`);
  },
});
