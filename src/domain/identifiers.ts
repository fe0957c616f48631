declare const brand: unique symbol;
type Identifier<Noun extends string> = string & { readonly [brand]: Noun };

/** UUIDs in lower case with hyphens. The brands prevent the use of one noun's id as another's. */
export type FlowRunId = Identifier<'FlowRun'>;
export type FlowId = Identifier<'Flow'>;
export type DeploymentId = Identifier<'Deployment'>;
export type TaskRunId = Identifier<'TaskRun'>;
export type StateId = Identifier<'State'>;
export type LeaseId = Identifier<'Lease'>;
export type BulkOperationId = Identifier<'BulkOperation'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID of any version with hyphens, in either case. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** Whether a text is an id as it is stored: a UUID in lower case. */
export const isId = (text: string): boolean => isUuid(text) && text === normalizeUuid(text);

/** The form in which ids are stored and compared. Upper case denotes the same id. */
export const normalizeUuid = (text: string): string => text.toLowerCase();
