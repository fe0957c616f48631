import type { FlowRunFilter } from '../domain/flowRunFilter';
import * as values from '../persistence/flowRuns/valuesInUse';
import type { Services } from '../transitions/services';

export type { ValueCount } from '../persistence/flowRuns/valuesInUse';

const counted = (
  { database }: Services,
  name: string,
  read: Parameters<typeof database.scan<values.ValueCount[]>>[2],
): Promise<values.ValueCount[]> => database.scan('counts', database.reader, read, { sharedAs: name });

/** Tags in use that contain a text in whatever case, most used first. */
export const findTags = (services: Services, like: string, limit: number): Promise<values.ValueCount[]> =>
  counted(services, `tags ${limit} ${like}`, manager => values.countTags(manager, like, limit));

/** Work queue names in use that contain a text in whatever case, most used first. */
export const findWorkQueueNames = (
  services: Services,
  like: string,
  limit: number,
): Promise<values.ValueCount[]> =>
  counted(services, `queues ${limit} ${like}`, manager => values.countWorkQueueNames(manager, like, limit));

/** The messages of current states among the newest 10,000 matching runs, most frequent first. */
export const findStateMessages = (
  services: Services,
  filter: FlowRunFilter | null,
  limit: number,
): Promise<values.ValueCount[]> =>
  counted(services, `messages ${limit} ${JSON.stringify(filter)}`, manager =>
    values.countStateMessages(manager, filter, limit),
  );
