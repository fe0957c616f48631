import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, parse } from 'graphql';
import { parse as parseYaml } from 'yaml';

// A program of its own, because Jest cannot load the packages: they require ES modules.

/** What the printed configuration says, as the command graphql-codegen reads it. */
interface Configuration {
  schema: string;
  generates: Record<string, { presetConfig: object; config: object }>;
}

/** Generates into a folder what its configuration says. */
async function generateTypes(folder: string): Promise<void> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const { schema, generates } = parseYaml(await read('codegen.yml')) as Configuration;
  const sdl = await read(schema);
  const rawSDL = await read('failedRuns.graphql');
  for (const [output, { presetConfig, config }] of Object.entries(generates)) {
    await mkdir(join(folder, output));
    const files = await preset.buildGeneratesSection({
      baseOutputDir: join(folder, output, '/'),
      schema: parse(sdl),
      schemaAst: buildSchema(sdl),
      documents: [{ location: 'failedRuns.graphql', rawSDL, document: parse(rawSDL) }],
      plugins: [],
      pluginMap: {},
      presetConfig,
      config,
    });
    for (const file of files) await writeFile(file.filename, await codegen({ ...file, cache: undefined }));
  }
}

void generateTypes(process.argv[2] ?? '');
