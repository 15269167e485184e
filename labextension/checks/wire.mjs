// Makes src/wire.ts from the OpenAPI document; with --check, fails where it is stale.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const document = new URL('../../jupyter_envsnap/server/openapi.json', import.meta.url);
const target = new URL('../src/wire.ts', import.meta.url);

const ast = await openapiTS(document, {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  defaultNonNullable: false
});
const text = `// Made from jupyter_envsnap/server/openapi.json by \`npm run wire\` in checks/. Do not edit.\n${astToString(ast)}`;

if (process.argv.includes('--check')) {
  const kept = await readFile(target, 'utf8').catch(() => '');
  if (kept !== text) {
    console.error('src/wire.ts is stale: run `npm run wire` in labextension/checks.');
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
