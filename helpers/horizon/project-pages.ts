import type { GiB } from '../units.ts';
import type { Dashboard } from './dashboard.ts';

export interface VolumeForm {
  readonly name: string;
  readonly size: GiB;
  readonly imageId?: string | undefined;
  readonly volumeType?: string | undefined;
}

/** A list of Horizon's: its page, and the name of its table. */
const LISTS = {
  volume: { path: 'project/volumes/', table: 'volumes' },
  snapshot: { path: 'project/snapshots/', table: 'volume_snapshots' },
  server: { path: 'project/instances/', table: 'instances' },
} as const;
export type Listed = keyof typeof LISTS;

/** A row as Horizon shows it; its state as its colour: `up`, `down`, `unknown`. */
export interface ListedRow {
  readonly id: string;
  readonly state: string;
}

/** What somebody does in the pages of a project. Each returns when Horizon says that it is under way. */
export class ProjectPages {
  readonly #dashboard: Dashboard;

  constructor(dashboard: Dashboard) {
    this.#dashboard = dashboard;
  }

  /** Those rows of a list that bear a name, on whichever page of it. */
  listed(kind: Listed, name: string): Promise<ListedRow[]> {
    const { path, table } = LISTS[kind];
    const { page } = this.#dashboard;
    return this.#dashboard.act(`list of ${kind}s`, async () => {
      await this.#dashboard.open(path);
      const rows = page.locator(`#${table} tr[data-object-id]`).and(page.locator(`[data-display="${name}"]`));
      // Horizon's prev_pagination_param begins with `prev_`, its pagination_param does not.
      const next = page.locator(`#${table} a[href*="marker="]:not([href*="prev_"])`).first();
      while ((await rows.count()) === 0 && (await next.count()) > 0) {
        await next.click();
        await page.waitForLoadState('load');
      }
      await this.#dashboard.refuseErrors();
      const found = await rows.all();
      return Promise.all(
        found.map(async (row) => ({
          id: (await row.getAttribute('data-object-id')) ?? '',
          state: /\bstatus_(\w+)/.exec((await row.getAttribute('class')) ?? '')?.[1] ?? 'changing',
        })),
      );
    });
  }

  /** Volumes >> Create Volume, of an image where one is given. */
  createVolume({ name, size, imageId, volumeType }: VolumeForm): Promise<void> {
    return this.#dashboard.act(`create volume ${name}`, async () => {
      await this.#dashboard.open(LISTS.volume.path);
      await this.#dashboard.page.locator('#volumes__action_create').click();
      if (imageId !== undefined) {
        await this.#choose('volume_source_type', 'image_source');
        await this.#choose('image_source', imageId);
      }
      if (volumeType !== undefined) {
        await this.#choose('type', volumeType);
      }
      // A source fills in what it suggests.
      await this.#send({ name, size: String(size) });
    });
  }

  /** Volumes >> Extend Volume. */
  extendVolume(id: string, size: GiB): Promise<void> {
    return this.#dashboard.act(`extend volume to ${size} GiB`, async () => {
      await this.#dashboard.open(`${LISTS.volume.path}${id}/`);
      await this.#dashboard.press(id, 'extend');
      await this.#send({ new_size: String(size) });
    });
  }

  /** Volumes >> Create Snapshot. */
  createSnapshot(volumeId: string, name: string): Promise<void> {
    return this.#dashboard.act(`create snapshot ${name}`, async () => {
      await this.#dashboard.open(`${LISTS.volume.path}${volumeId}/`);
      await this.#dashboard.press(volumeId, 'snapshots');
      await this.#send({ name });
    });
  }

  /** Snapshots >> Create Volume. */
  createVolumeOfSnapshot(snapshotId: string, { name, size }: Pick<VolumeForm, 'name' | 'size'>): Promise<void> {
    return this.#dashboard.act(`create volume ${name} of the snapshot`, async () => {
      await this.#dashboard.open(`${LISTS.snapshot.path}${snapshotId}`);
      await this.#dashboard.press(snapshotId, 'create_from_snapshot');
      await this.#send({ name, size: String(size) });
    });
  }

  /** Instances >> Log. Gives what it shows. */
  consoleLog(id: string): Promise<string> {
    return this.#dashboard.act('console log', async () => {
      await this.#dashboard.open(`${LISTS.server.path}${id}/?tab=instance_details__log`);
      const text = await this.#dashboard.page.locator('pre.logs').innerText();
      await this.#dashboard.refuseErrors();
      return text;
    });
  }

  /** Instances >> Delete Instance, and its confirmation. */
  deleteServer(id: string): Promise<void> {
    return this.#dashboard.act('delete instance', async () => {
      await this.#dashboard.open(`${LISTS.server.path}${id}/`);
      await this.#dashboard.press(id, 'delete');
      await this.#dashboard.submit(this.#modal.locator('.modal-footer a.btn:not(.cancel)'));
    });
  }

  get #modal() {
    return this.#dashboard.page.locator('.modal.in');
  }

  /** Fills fields of the form that is open, and sends it. */
  async #send(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      await this.#modal.locator(`[name="${name}"]`).fill(value);
    }
    await this.#dashboard.submit(this.#modal.locator('form [type="submit"]'));
  }

  /** Horizon hides the selects of its forms behind menus of its own, whose entries bear the same values. */
  async #choose(name: string, value: string): Promise<void> {
    const select = this.#dashboard.page.locator(`select[name="${name}"]`);
    const menu = this.#modal.locator('.themable-select', { has: select });
    if ((await select.inputValue()) !== value) {
      await menu.locator('.dropdown-toggle').click();
      await menu.locator(`[data-select-value="${value}"]`).click();
    }
  }
}
