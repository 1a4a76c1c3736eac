import { isHorizonInstalled } from '../fixtures/horizon/debian-horizon.ts';
import type { HorizonAccess } from '../fixtures/targets/target.ts';
import { type Settings, systemEnvironment } from '../helpers/config/config.ts';
import { CannotRun } from '../helpers/failure.ts';
import { findBrowser } from '../helpers/horizon/browser.ts';

/** The scenario that needs it. */
export const HORIZON = 'horizon';
const INSTALL = 'npm run setup -- --browser';

/** Where a run finds its Horizon; `started`: it comes with the target. */
export type HorizonPlan = HorizonAccess | 'started';

/**
 * Starting one takes seconds that a first look does without: on the embedded cluster and in containers it is used where it is asked for by its setting or by name, or was
 * red. Throws CannotRun when one that is named cannot be looked at.
 */
export function planHorizon(
  { target, horizon, only, lastFailed }: Pick<Settings, 'target' | 'horizon' | 'only' | 'lastFailed'>,
  scenarios: readonly string[],
): HorizonPlan {
  const browser = findBrowser(systemEnvironment()['PATH'] ?? '');
  if (target === 'live' && horizon !== undefined) {
    if (browser === undefined && scenarios.includes(HORIZON)) {
      const advice = `Install Chromium, or leave Horizon out: --exclude ${HORIZON}`;
      throw new CannotRun('there is no browser for Horizon', { horizon }, advice);
    }
    return { url: horizon.replace(/\/*$/, '/') };
  }
  if (target === 'live') {
    return { none: 'no Horizon is known: --horizon URL' };
  }
  const named = only.flatMap((word) => word.split(',')).some((word) => word.split('.')[0] === HORIZON);
  if (!scenarios.includes(HORIZON) || !(horizon !== undefined || named || lastFailed)) {
    const where = target === 'embedded' ? 'on the embedded cluster' : 'in containers';
    return { none: `${where} Horizon is only started when it is asked for: --horizon ${target}` };
  }
  if (target === 'embedded' && !isHorizonInstalled()) {
    return { none: `Debian's Horizon (openstack-dashboard) is not installed on this machine: ${INSTALL}` };
  }
  return browser === undefined ? { none: `there is no Chromium on this machine's PATH: ${INSTALL}` } : 'started';
}
