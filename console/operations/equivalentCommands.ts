import type { OperationDetailsFragment } from '../generated/graphql';

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What shows an operation outside of the console: by GraphQL, curl and the command line. No key is part of it. */
export function equivalentCommands(
  { id }: Pick<OperationDetailsFragment, 'id'>,
  origin: string,
): Record<string, string> {
  const query = `{ bulkOperation(id: "${id}") { status counts { matched pending accepted } outcomes { status code count } } }`;
  const body = JSON.stringify({ query });
  return {
    GraphQL: query,
    curl: [
      `curl ${quoted(`${origin}/graphql`)}`,
      `-H 'content-type: application/json'`,
      `-H "authorization: Bearer $SWITCHYARD_API_KEY"`,
      `-d ${quoted(body)}`,
    ].join(' \\\n  '),
    command: `switchyard operations watch ${id} --url ${quoted(origin)}`,
  };
}
