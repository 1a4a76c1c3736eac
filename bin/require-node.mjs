// Preloaded before every command: TypeScript runs unbuilt, which needs the Node that `npm ci` brought along.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `This suite runs on Node 24 or newer\n  found: ${process.version} (${process.execPath})\n` +
      '  → Start it with `npm run …`, which uses the Node 24 that `npm ci` installed; elsewhere install Node 24.\n',
  );
  process.exit(2);
}
