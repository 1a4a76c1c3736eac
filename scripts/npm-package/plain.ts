import { stripTypeScriptTypes } from 'node:module';

/** A file that is named by its path from another: `import … from './x.ts'`, `new URL('./x.ts', …)`. */
const RELATIVE = /(['"])(\.{1,2}\/[^'"\s]+)\.ts\1/g;
/** One that is named beside the file that names it: `join(import.meta.dirname, 'x.ts')`. */
const BESIDE = /(\bimport\.meta\.dirname(?:, '[^']*')*, '[^']+)\.ts'/g;

/** How a file of the suite is called once it is plain JavaScript. */
export const plainName = (path: string): string => path.replace(/\.ts$/, '.js');

/**
 * TypeScript as plain JavaScript, line by line the same, whose files are called `.js`: Node strips no types below `node_modules`
 * (https://nodejs.org/docs/latest-v24.x/api/typescript.html#type-stripping-in-dependencies).
 */
export function plainText(source: string): string {
  return stripTypeScriptTypes(source)
    .replace(RELATIVE, '$1$2.js$1')
    .replace(BESIDE, "$1.js'")
    .replace(/[ \t]+$/gm, '');
}
