import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { z } from 'zod';

const manifest = z.record(z.string().min(1), z.string());

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function checkDocument(hash: string, document: string): void {
  try {
    parse(document);
  } catch (error) {
    throw new Error(`the document ${JSON.stringify(hash)} is not GraphQL: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Reads a manifest file into its documents by their hashes.
 *
 * @throws Error if it cannot be read, is no JSON object of texts, or has a document that is not GraphQL.
 */
export function readTrustedDocuments(path: string): ReadonlyMap<string, string> {
  const { data } = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (data === undefined) throw new Error('it must be a JSON object of GraphQL documents by their hashes');
  const documents = new Map(Object.entries(data));
  for (const [hash, document] of documents) checkDocument(hash, document);
  return documents;
}
