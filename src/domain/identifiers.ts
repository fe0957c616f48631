declare const brand: unique symbol;
type Identifier<Noun extends string> = string & { readonly [brand]: Noun };

/** UUIDs of each noun, lower case with hyphens; the brand keeps one noun's id out of another's place. */
export type FlowRunId = Identifier<'FlowRun'>;
export type FlowId = Identifier<'Flow'>;
export type DeploymentId = Identifier<'Deployment'>;
export type TaskRunId = Identifier<'TaskRun'>;
export type StateId = Identifier<'State'>;
export type LeaseId = Identifier<'Lease'>;
export type BulkOperationId = Identifier<'BulkOperation'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID of any version, hyphens included, in either case. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** Whether a text is an id in the one form in which ids are stored: a UUID in lower case. */
export const isId = (text: string): boolean => isUuid(text) && text === normalizeUuid(text);

/** The one form in which ids are kept and compared: upper case is the same id. */
export const normalizeUuid = (text: string): string => text.toLowerCase();
