import type { OperationDetailsFragment } from '../generated/graphql';

const document =
  'query ($id: ID!) { bulkOperation(id: $id) { status counts { matched pending accepted } outcomes { status code count } } }';

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What shows an operation outside of the console: by GraphQL, curl and the command line. No key is part of it. */
export function copiesOf(
  { id }: Pick<OperationDetailsFragment, 'id'>,
  origin: string,
): Record<string, string> {
  const variables = { id };
  const body = JSON.stringify({ query: document, variables });
  return {
    GraphQL: `${document}\n\n# variables\n${JSON.stringify(variables)}`,
    curl: [
      `curl ${quoted(`${origin}/graphql`)}`,
      `-H 'content-type: application/json'`,
      `-H "authorization: Bearer $SWITCHYARD_API_KEY"`,
      `-d ${quoted(body)}`,
    ].join(' \\\n  '),
    command: `switchyard operations watch ${id} --url ${quoted(origin)}`,
  };
}
