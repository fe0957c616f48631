import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { type Authenticate, isAllowedOrigin, requireScope } from '../../authentication';
import { notFound } from '../../domain/errors';
import { findBulkOperation } from '../../operations/queries/findBulkOperations';
import { itemPages } from '../../operations/queries/itemPages';
import type { Services } from '../../transitions/services';
import { graphqlStatuses, isPublicErrorCode } from '../errors/graphqlStatuses';
import type { MaskError } from '../errors/maskErrors';
import { type RequestRejection, rejectionBody, rejectionResponse } from '../errors/requestRejection';
import { exportFormats, writeItems } from '../export/exportFormats';
import { readExportParameters } from '../export/exportParameters';
import { readForm } from '../export/readForm';

const exportPath = '/console/export';
/**
 * A page is one statement, and all that an export holds in memory. The embedded database does nothing else while it reads one,
 * nor does its process: a page of 250 takes it some 5 ms.
 */
const itemsInOnePage = 250;

interface ExportSettings {
  readonly console: boolean;
  readonly allowedOrigins: readonly string[];
}

interface ExportOptions {
  readonly config: ExportSettings;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly maskError: MaskError;
}

/** What an export is requested with. */
interface Call {
  readonly authorization: string | null;
  readonly parameters: URLSearchParams;
}

const wrongMethod: RequestRejection = {
  status: 405,
  code: 'BAD_USER_INPUT',
  message: 'Items are exported with GET, or with a POST of a form.',
};

const foreignPage: RequestRejection = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'A page of another origin may not send this form, unless ALLOWED_ORIGINS names its origin.',
};

/**
 * Reads a request, whose key or token a script sends in a header. A browser saves a download to disk as it arrives only if
 * the page does not read it itself, and then sends no header of the page's choice: the console sends a form with the key in
 * the field `authorization`, so that no address contains it.
 */
async function readCall(
  request: Request,
  url: URL,
  allowedOrigins: readonly string[],
): Promise<Call | RequestRejection> {
  const { method, headers } = request;
  const authorization = headers.get('authorization');
  if (method === 'GET') return { authorization, parameters: url.searchParams };
  if (method !== 'POST') return wrongMethod;
  if (!isAllowedOrigin(headers.get('origin'), headers.get('host'), allowedOrigins)) return foreignPage;
  const form = await readForm(request);
  if (!(form instanceof URLSearchParams)) return form;
  const fromField = form.get('authorization');
  form.delete('authorization');
  return { authorization: fromField ?? authorization, parameters: form };
}

function rejectWith(url: URL, rejection: RequestRejection, fetchAPI: FetchAPI): Response {
  const response = rejectionResponse(url, rejection, fetchAPI);
  if (rejection.status === 405) response.headers.set('allow', 'GET, POST');
  return response;
}

/**
 * Serves the items of an operation at `/console/export` as CSV or JSON lines. Reads a page when the client has received the
 * one before, so that an export of any length takes the same memory and ends with its client. An error on the way destroys
 * the connection: a part never looks like the whole.
 */
export function useExport({
  config,
  services,
  authenticate,
  maskError,
}: ExportOptions): Plugin<object, { res?: ServerResponse }> {
  if (!config.console) return {};

  async function startExport(
    { authorization, parameters }: Call,
    socketResponse: ServerResponse | undefined,
    fetchAPI: FetchAPI,
  ): Promise<Response> {
    requireScope(await authenticate(authorization), 'read');
    const { format: name, items } = readExportParameters(parameters);
    if ((await findBulkOperation(services, items.operationId)) === null)
      throw notFound(`bulk operation ${items.operationId}`);
    const format = exportFormats[name];
    const text = Readable.from(writeItems(itemPages(services, items, itemsInOnePage), format), {
      objectMode: false,
    });
    text.once('error', error => {
      maskError(error);
      socketResponse?.destroy();
    });
    // Yoga's Response takes streams of Node.js; their type is not part of the standard.
    return new fetchAPI.Response(text as unknown as ReadableStream, {
      headers: {
        'cache-control': 'no-store',
        'content-disposition': `attachment; filename="operation-${items.operationId}.${name}"`,
        'content-type': format.contentType,
        'x-content-type-options': 'nosniff',
      },
    });
  }

  function errorResponse(url: URL, error: unknown, fetchAPI: FetchAPI): Response {
    const { message, extensions } = maskError(error);
    const code = isPublicErrorCode(extensions.code) ? extensions.code : 'INTERNAL_ERROR';
    const response = fetchAPI.Response.json(rejectionBody(url.pathname, { code, message }), {
      status: graphqlStatuses[code],
    });
    if (code === 'UNAUTHENTICATED') response.headers.set('www-authenticate', 'Bearer');
    return response;
  }

  return {
    async onRequest({ request, url, serverContext, fetchAPI, endResponse }) {
      if (url.pathname !== exportPath) return;
      const call = await readCall(request, url, config.allowedOrigins);
      if ('status' in call) {
        endResponse(rejectWith(url, call, fetchAPI));
        return;
      }
      try {
        endResponse(await startExport(call, serverContext?.res, fetchAPI));
      } catch (error) {
        endResponse(errorResponse(url, error, fetchAPI));
      }
    },
  };
}
