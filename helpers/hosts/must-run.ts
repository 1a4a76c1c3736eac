import { CannotRun } from '../failure.ts';
import type { Host } from './host.ts';

/** Runs a command of the suite's own; throws CannotRun when it fails. Returns its stdout. */
export async function succeedOrFail(host: Host, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await host.run(argv);
  if (exitCode !== 0) {
    const details = { command: argv.join(' '), host: host.name, exit: exitCode, stderr: stderr.trim() };
    throw new CannotRun(`${argv[0]} did not work`, details, 'Run the command by hand on that host; install what it lacks.');
  }
  return stdout;
}
