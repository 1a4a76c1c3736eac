// Preloaded before every command: TypeScript runs unbuilt, which needs the Node that `npm ci` brought along.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `This suite runs on Node 24 or newer\n  found: ${process.version} (${process.execPath})\n` +
      '  → Start it with `npm run …`, which uses the Node 24 that `npm ci` installed; elsewhere install Node 24.\n',
  );
  process.exit(2);
}

// Before the first TypeScript, or the code that strips its types would be loaded for that alone. Compiled code is kept inside the
// installation: a folder that others may write to would let them run theirs.
const { enableCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/acceptance-compiled', import.meta.url)));
