import type { FetchAPI, Plugin } from 'graphql-yoga';
import { type ConsoleFiles, readConsoleFiles } from '../console/consoleFiles';
import { rejectionResponse } from '../errors/requestRejection';
import { type StoredFile, storedFileResponse } from '../storedFile';

const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'cross-origin-opener-policy': 'same-origin',
  // Its address contains the filter. Without one of its own, a form would have the origin "null".
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const fileResponse = (file: StoredFile, request: Request, caching: string, fetchAPI: FetchAPI): Response =>
  storedFileResponse(file, request, { ...securityHeaders, 'cache-control': caching }, fetchAPI);

const notBuilt = 'The console is not built. Run "npm run build" and restart the gateway, or set CONSOLE=off.';
const noSuchFile =
  'There is no such file of the console; an older version may have had it. Load /console again.';

/** The response to a path below `/console`: a file, or the page, which shows the view of every other path. */
function responseTo(
  path: string,
  files: ConsoleFiles | null,
  request: Request,
  url: URL,
  fetchAPI: FetchAPI,
) {
  const refuse = (status: number, message: string) =>
    rejectionResponse(url, { status, code: 'NOT_FOUND', message }, fetchAPI);
  const page = files?.get('index.html');
  if (files === null || page === undefined) return refuse(404, notBuilt);
  const file = files.get(path);
  if (file !== undefined && file !== page)
    return fileResponse(file, request, 'public, max-age=31536000, immutable', fetchAPI);
  if (path.startsWith('assets/')) return refuse(404, noSuchFile);
  return fileResponse(page, request, 'no-cache', fetchAPI);
}

/** The page of a run, for the address that Prefect's clients print; null for another path. */
function runPage(path: string): string | null {
  const id = /^(?:\/console)?\/runs\/flow-run\/([\da-f-]+)\/?$/i.exec(path)?.[1];
  return id === undefined ? null : `/console/runs/${id}`;
}

/** Serves the console at `/console` and its files below it. Everybody receives them: they contain no data. */
export function useConsole(
  { console: isOn }: { readonly console: boolean },
  read = readConsoleFiles,
): Plugin {
  if (!isOn) return {};
  let files: Promise<ConsoleFiles | null> | undefined;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      const location = runPage(url.pathname);
      if (location !== null) {
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location } }));
        return;
      }
      const [, path] = /^\/console(?:\/(.*))?$/s.exec(url.pathname) ?? [null, null];
      if (path === null) return;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        const message = 'The console is read with GET.';
        const refused = rejectionResponse(url, { status: 405, code: 'BAD_USER_INPUT', message }, fetchAPI);
        refused.headers.set('allow', 'GET, HEAD');
        endResponse(refused);
        return;
      }
      files ??= read();
      endResponse(responseTo(path ?? '', await files, request, url, fetchAPI));
    },
  };
}
