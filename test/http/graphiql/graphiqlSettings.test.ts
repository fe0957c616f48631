import { parse, validate } from 'graphql';
import { readConfig } from '../../../src/config/config';
import { operationCost } from '../../../src/http/documents/operationCost';
import { examples } from '../../../src/http/graphiql/examples';
import { graphiqlSettings } from '../../../src/http/graphiql/graphiqlSettings';
import { createSchema } from '../../../src/http/graphql';

describe('the page to try queries on', () => {
  it('is absent when it is switched off', () => {
    expect(graphiqlSettings(false, examples).graphiql).toBe(false);
  });

  it('opens with the examples', () => {
    expect(graphiqlSettings(true, examples).graphiql).toMatchObject({ defaultTabs: examples });
  });

  it('loads nothing from other servers', async () => {
    const { renderGraphiQL } = graphiqlSettings(true, examples);
    const page = await renderGraphiQL({ defaultTabs: [...examples] });
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)=["']https?:/);
    expect(page).toContain('FindRuns');
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
