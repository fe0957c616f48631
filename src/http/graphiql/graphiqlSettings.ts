import type { GraphiQLOptions } from 'graphql-yoga';
import type { Example } from './examples';

/** The GraphiQL options of Yoga. */
export interface GraphiQLSettings {
  readonly graphiql: GraphiQLOptions | false;
  readonly renderGraphiQL: (options?: GraphiQLOptions) => Promise<string>;
}

// GraphiQL moves a tab when the mouse button goes down on it: the button comes up beside the tab, and the first click
// does nothing.
const tabsThatStay = '<style>.graphiql-tab { transform: none !important }</style>';

/**
 * The GraphiQL page with examples as its first tabs, or none if it is switched off. The page needs no other server.
 * It is loaded at the first request, because it takes 9 MB of memory.
 */
export const graphiqlSettings = (isOn: boolean, examples: readonly Example[]): GraphiQLSettings => ({
  graphiql: isOn && { title: 'Switchyard', defaultTabs: examples.map(example => ({ ...example })) },
  async renderGraphiQL(options) {
    const page = (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options);
    return page.replace('</head>', () => `${tabsThatStay}</head>`);
  },
});
