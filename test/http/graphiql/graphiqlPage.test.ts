import { gunzipSync } from 'node:zlib';
import { parse, validate } from 'graphql';
import { readConfig } from '../../../src/config/config';
import { operationCost } from '../../../src/http/documents/operationCost';
import { examples } from '../../../src/http/graphiql/examples';
import { makeGraphiqlPage } from '../../../src/http/graphiql/graphiqlPage';
import { createSchema } from '../../../src/http/graphql';

describe('the page to try queries on', () => {
  it('has the examples, and loads nothing from other servers', async () => {
    const { content } = await makeGraphiqlPage(examples);
    const page = Buffer.from(content.get('identity') ?? []).toString();
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)=["']https?:/);
    for (const { query } of examples) expect(page).toContain(JSON.stringify(query).slice(1, 30));
    expect(gunzipSync(content.get('gzip') ?? '').toString()).toBe(page);
  });
});

describe('the examples', () => {
  const schema = createSchema();

  it.each(examples)('fit the schema and the limits: $query', ({ query }) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(operationCost({ schema, document, variableValues: {} })).toBeLessThan(readConfig({}).maxCost / 10);
  });
});
