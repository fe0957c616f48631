import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type StoredFile, storedFile } from '../storedFile';
import type { Example } from './examples';

const compress = promisify(gzip);

// GraphiQL moves a tab when the mouse button goes down on it: the button comes up beside the tab, and the first click
// does nothing.
const tabsThatStay = '<style>.graphiql-tab { transform: none !important }</style>';

/**
 * Makes the GraphiQL page with examples as its first tabs, compressed. The page needs no other server. It has 9 MB, so that it
 * is loaded when it is first asked for.
 */
export async function makeGraphiqlPage(examples: readonly Example[]): Promise<StoredFile> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const defaultTabs = examples.map(example => ({ ...example }));
  const page = renderGraphiQL({ title: 'Switchyard', defaultTabs });
  const identity = new TextEncoder().encode(page.replace('</head>', () => `${tabsThatStay}</head>`));
  const compressed = new Uint8Array(await compress(identity));
  return storedFile(
    'text/html; charset=utf-8',
    new Map([
      ['gzip', compressed],
      ['identity', identity],
    ]),
  );
}
