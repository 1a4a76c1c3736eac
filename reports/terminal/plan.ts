import type { Chapter, ObjectPlan, ScenarioPlan } from '../../helpers/claims.ts';
import { plural } from './text.ts';

/** How much of the cloud a run takes at most, when all of its scenarios run at once. */
export interface Budget {
  readonly counts: Readonly<Partial<Record<ObjectPlan['kind'], number>>>;
  readonly gib: number;
  /** Roughly; waits make it more where the cluster is slow. */
  readonly requests: number;
}

// Seen on the embedded cluster: a step asks and waits a few times, and each object is made, awaited, looked at and removed.
const REQUESTS_PER_STEP = 2;
const REQUESTS_PER_OBJECT = 5;

export function budgetOf(plans: readonly ScenarioPlan[]): Budget {
  const objects = plans.flatMap((plan) => plan.objects);
  const counts: Partial<Record<ObjectPlan['kind'], number>> = {};
  for (const { kind, atOnce = 1 } of objects) {
    counts[kind] = (counts[kind] ?? 0) + atOnce;
  }
  const steps = plans.reduce((total, plan) => total + plan.steps.length, 0);
  return {
    counts,
    gib: objects.filter(({ kind }) => kind === 'volume').reduce((total, { gib = 0, atOnce = 1 }) => total + gib * atOnce, 0),
    requests: steps * REQUESTS_PER_STEP + objects.length * REQUESTS_PER_OBJECT,
  };
}

/** What the numbers are too small for. */
function growing(plans: readonly ScenarioPlan[]): string {
  const each = new Set(plans.flatMap(({ objects }) => objects.flatMap((object) => object.each ?? [])));
  return [...each]
    .map((what) => `\nOf what there is one for each ${what} only so many are there at a time; requests are more by that.`)
    .join('');
}

/** `9 volumes (30 GiB), 3 snapshots, 1 server, about 200 requests` */
export function budgetLine({ counts, gib, requests }: Budget): string {
  const kinds: ObjectPlan['kind'][] = ['volume', 'snapshot', 'image', 'server', 'attachment'];
  const parts = kinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    const size = kind === 'volume' ? ` (${gib} GiB)` : '';
    return count === 0 ? [] : [`${plural(count, kind)}${size}`];
  });
  return [...parts, `about ${requests} requests`].join(', ');
}

/** The commands show what a person would type. */
const DEVICES =
  'Devices are not used by these names but by what /dev/storpool-byid/<global id> leads to, proved before and after each use; where a ' +
  'release has no such links, by name, size and, before the first write, what the first block holds.';

/** Every object and command line, scenario by scenario, and the total. */
export function renderPlan(plans: readonly ScenarioPlan[], chapters: readonly Chapter[]): string {
  const sections = chapters.flatMap(({ number, title }) => {
    const own = plans.filter(({ chapter }) => chapter === number);
    return own.length === 0 ? [] : [`${number} ${title}`, ...own.map(renderScenario)];
  });
  return `${sections.join('\n\n')}\n\nAll in all: ${budgetLine(budgetOf(plans))}. All of it is removed again.${growing(plans)}\n${DEVICES}\n`;
}

function renderScenario({ id, title, caution, objects, steps }: ScenarioPlan): string {
  const made = objects.map(({ kind, name, gib, each, atOnce = 1 }) => {
    const size = gib === undefined ? '' : `, ${gib} GiB`;
    return `    makes ${kind} ${name}${each === undefined ? size : `-<n>${size}, one for each ${each}, ${atOnce} at a time`}`;
  });
  const done = steps.flatMap((step) => [
    `    - ${step.title}`,
    ...(step.command === undefined ? [] : [`      $ ${step.command}`]),
  ]);
  const mind = caution === undefined ? [] : [`    mind: it ${caution}`];
  return [`  ${title} (${id})`, ...mind, ...made, ...done].join('\n');
}
