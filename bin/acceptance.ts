import { main } from './main.ts';
import { hangUpWithNpm } from './npm.ts';

// A terminal that was closed, or a pager that was left, is no reason to leave things behind.
const outputs = [process.stdout, process.stderr];
for (const output of outputs) {
  output.on('error', () => {});
}
hangUpWithNpm();
const exitCode = await main(process.argv.slice(2));
for (const output of outputs) {
  await new Promise<void>((done) => output.write('', () => done()));
}
// Requests to a service that does not answer, which nobody waits for any more, would keep the process.
process.exit(exitCode);
