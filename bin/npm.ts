import { environment } from '../helpers/config/config.ts';

const LOOK_MS = 250;

/**
 * Hangs up on this process when the npm that started it is gone. npm hands SIGTERM and SIGINT on, but not SIGHUP (npm/cli@v11
 * node_modules/@npmcli/run-script/lib/signal-manager.js), and nobody can hand on a SIGKILL; what it started would go on unseen. The scripts of
 * package.json begin with `exec`, so that npm is the parent and no shell stands between.
 */
export function hangUpWithNpm(): void {
  // Whoever starts Node by hand may leave it in the background on purpose.
  if (environment()['npm_lifecycle_event'] === undefined) {
    return;
  }
  const npm = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid !== npm) {
      clearInterval(looking);
      process.stderr.write('npm, which started this, is gone.\n');
      process.kill(process.pid, 'SIGHUP');
    }
  }, LOOK_MS);
  looking.unref();
}
