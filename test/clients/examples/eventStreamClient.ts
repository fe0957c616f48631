import { type Client, createClient } from 'graphql-sse';

export const createEventStreamClient = (url: string, key: string): Client =>
  createClient({ url, headers: { authorization: `Bearer ${key}` }, retryAttempts: 0 });
