import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Compiled code is kept inside the installation: a folder that others may write to would let them run theirs.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'acceptance-compiled'));
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
