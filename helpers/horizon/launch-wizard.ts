import type { Locator } from 'playwright-core';
import { CouldNotCheck, Failure } from '../failure.ts';
import type { Dashboard } from './dashboard.ts';

export interface Launch {
  readonly name: string;
  readonly snapshotId: string;
  readonly flavorId: string;
  /** A network's id; by others Horizon's own choice is left as it is. */
  readonly nic: string;
}

const MOST_STEPS = 20;

/**
 * The wizard Launch Instance, with a volume snapshot as the source: the guide's “Boot from volume snapshot (creates a new volume)”. Its steps are found by
 * the names of their forms (openstack/horizon openstack_dashboard/dashboards/project/static/dashboard/project/workflow/launch-instance/
 * launch-instance-workflow.service.js), rows by the ids of what they offer.
 */
export async function launch(dashboard: Dashboard, { name, snapshotId, flavorId, nic }: Launch): Promise<void> {
  const { page } = dashboard;
  const wizard = page.locator('.ng-wizard');
  await dashboard.act('choose a volume snapshot in the wizard', async () => {
    await dashboard.open('project/instances/');
    await page.locator('#instances__action_launch-ng').click();
    await wizard.locator('[name="name"]').fill(name);
    const source = await step(wizard, 'launchInstanceSourceForm');
    await chooseSource(source.locator('[name="boot-source-type"]'), 'volume_snapshot');
    await take(source, snapshotId);
  });
  await dashboard.act('choose a flavor in the wizard', async () =>
    take(await step(wizard, 'launchInstanceFlavorForm'), flavorId),
  );
  await dashboard.act(`launch instance ${name}`, async () => {
    const networks = wizard.locator('[ng-form="launchInstanceNetworkForm"]');
    if (nic !== 'none' && nic !== 'auto') {
      await take(await step(wizard, 'launchInstanceNetworkForm'), nic);
    }
    const finish = wizard.locator('button.finish');
    if (!(await finish.isEnabled()) && (await rows(networks, 'allocated').count()) === 0) {
      const advice = 'Name a network: --nic ID';
      throw new CouldNotCheck('the wizard wants a network, and there is none or more than one', {}, advice);
    }
    await dashboard.submitTo('/api/nova/servers/', finish);
  });
}

/** Goes on until the step with this form is there. */
async function step(wizard: Locator, form: string): Promise<Locator> {
  const wanted = wizard.locator(`[ng-form="${form}"]`);
  await wanted.waitFor({ state: 'attached' });
  for (let n = 0; n < MOST_STEPS && !(await wanted.isVisible()); n += 1) {
    await wizard.locator('button.next').click();
  }
  return wanted;
}

async function chooseSource(select: Locator, wanted: string): Promise<void> {
  // What a cloud offers comes by and by, a request each.
  const option = select.locator(`option[value="${wanted}"]`);
  await option.waitFor({ state: 'attached' }).catch(async (cause: unknown) => {
    const offered = await select.locator('option').evaluateAll((all) => all.map((one) => (one as { text?: string }).text ?? ''));
    const advice =
      'Look at LAUNCH_INSTANCE_DEFAULTS of Horizon (disable_volume_snapshot), and whether Cinder calls the volume of the snapshot bootable.';
    throw new Failure('the wizard offers no volume snapshot to boot from', { offers: offered.join(', ') }, advice, { cause });
  });
  await select.selectOption(wanted);
}

const rows = (table: Locator, part: 'available' | 'allocated') => table.locator(`.transfer-${part} tr:has(.actions_column)`);

/** Moves an offer to what is chosen. */
async function take(table: Locator, id: string): Promise<void> {
  const isIt = table.page().locator(`input[id="${id}"]`);
  if ((await rows(table, 'allocated').filter({ has: isIt }).count()) === 0) {
    await rows(table, 'available').filter({ has: isIt }).locator('.actions_column button').click();
    await rows(table, 'allocated').filter({ has: isIt }).waitFor();
  }
}
