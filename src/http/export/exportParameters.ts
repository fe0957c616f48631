import { z } from 'zod';
import { type BulkOperationItemStatus, bulkOperationItemStatuses } from '../../domain/bulkOperationEnums';
import { badUserInput, maxNamedIssues } from '../../domain/errors';
import { uuid } from '../../domain/fields';
import { type BulkOperationId, type FlowRunId, normalizeUuid } from '../../domain/identifiers';
import { type TransitionCode, transitionCodes } from '../../domain/transition';
import type { ItemsRequest } from '../../operations/queries/itemPages';
import { type ExportFormatName, exportFormats } from './exportFormats';

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(table) as Name[];

/** One value of a parameter, each of which may be sent several times. */
const once = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .tuple([schema], { error: ({ input }) => (input === undefined ? 'is required' : 'must be sent once') })
    .transform(([value]) => value);

const id = uuid.transform(normalizeUuid);
const formats = namesOf<ExportFormatName>(exportFormats);

const schema = z.strictObject({
  operation: once(id),
  format: once(z.enum(formats, `must be ${formats.join(' or ')}`)),
  status: z
    .array(z.enum(namesOf<BulkOperationItemStatus>(bulkOperationItemStatuses), 'is no status of an item'))
    .optional(),
  code: z.array(z.enum(namesOf<TransitionCode>(transitionCodes), 'is no code')).optional(),
  flowRunId: once(id).optional(),
});

/** What is exported, and how. */
interface ExportRequest {
  readonly format: ExportFormatName;
  readonly items: ItemsRequest;
}

function issuesOf({ path, message, ...issue }: z.core.$ZodIssue): { path: string[]; message: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [key], message: 'is not known here' }));
  return [{ path: path.slice(0, 1).map(String), message }];
}

/**
 * Reads the parameters of an export.
 *
 * @throws SwitchyardError BAD_USER_INPUT naming each parameter that is wrong, or not known: a filter with a typing error would
 * export everything.
 */
export function readExportParameters(parameters: URLSearchParams): ExportRequest {
  const names = [...new Set(parameters.keys())];
  const parsed = schema.safeParse(Object.fromEntries(names.map(name => [name, parameters.getAll(name)])));
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap(issuesOf);
    throw badUserInput(issues.slice(0, maxNamedIssues), issues.length);
  }
  const { operation, format, status, code, flowRunId } = parsed.data;
  return {
    format,
    items: {
      operationId: operation as BulkOperationId,
      statuses: status ?? null,
      codes: code ?? null,
      flowRunId: (flowRunId ?? null) as FlowRunId | null,
    },
  };
}
