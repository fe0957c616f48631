import { type Client, createClient } from 'graphql-ws';

export const createWebSocketClient = (url: string, key: string): Client =>
  createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
