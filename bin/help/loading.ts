import type { TerminalOutput } from '../../reports/terminal/terminal-reporter.ts';

/**
 * Loads a command's code, and says so on a terminal meanwhile: that takes a second, and several on a busy machine. What it said is gone
 * before anything else is.
 */
export async function loaded<T>(load: () => Promise<T>, out: TerminalOutput = process.stderr): Promise<T> {
  if (!out.isTTY) {
    return await load();
  }
  out.write('  Loading …');
  try {
    return await load();
  } finally {
    // Also where something else, such as a warning of Node's, has ended the line meanwhile.
    out.write('\u001b[G\u001b[K');
  }
}
