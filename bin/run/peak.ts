import type { ScenarioPlan } from '../../helpers/claims.ts';
import { type GiB, gib } from '../../helpers/units.ts';

/** The most that a run has in the cloud at one moment. */
export interface Peak {
  readonly volumes: number;
  readonly snapshots: number;
  readonly servers: number;
  /** Of volumes. */
  readonly gib: number;
  /** Of volumes and snapshots, which Cinder's quota counts alike. */
  readonly gibWithSnapshots: number;
  /** Of the largest volume, and of the smallest one. */
  readonly largestGib: number;
  readonly smallestGib: number;
}

type Amounts = Omit<Peak, 'largestGib' | 'smallestGib'>;

/** What so many scenarios at once need at most, each with all that it makes; volumes and snapshots of a larger image are as large as that. */
export function peakOf(plans: readonly ScenarioPlan[], atOnce: number, image: GiB = gib(1)): Peak {
  const needs = plans.map((plan) => amountsOf(plan, image));
  const sizes = plans.flatMap((plan) => sizesOf(plan, image));
  const most = (of: (amounts: Amounts) => number) =>
    needs
      .map(of)
      .toSorted((a, b) => b - a)
      .slice(0, atOnce)
      .reduce((sum, amount) => sum + amount, 0);
  return {
    volumes: most(({ volumes }) => volumes),
    snapshots: most(({ snapshots }) => snapshots),
    servers: most(({ servers }) => servers),
    gib: most((amounts) => amounts.gib),
    gibWithSnapshots: most(({ gibWithSnapshots }) => gibWithSnapshots),
    largestGib: Math.max(0, ...sizes),
    smallestGib: Math.min(...sizes),
  };
}

function amountsOf(plan: ScenarioPlan, image: GiB): Amounts {
  const count = (kind: string) =>
    plan.objects.filter((object) => object.kind === kind).reduce((sum, { atOnce = 1 }) => sum + atOnce, 0);
  const sizes = sizesOf(plan, image);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const snapshots = count('snapshot');
  const ofSnapshots = snapshots * Math.max(0, ...sizes);
  return {
    ...{ volumes: count('volume'), snapshots, servers: count('server') },
    ...{ gib: total, gibWithSnapshots: total + ofSnapshots },
  };
}

const sizesOf = ({ objects }: ScenarioPlan, image: GiB): number[] => {
  const holdsImage = objects.some(({ kind }) => kind === 'image');
  return objects.flatMap((object) =>
    object.kind === 'volume' ? Array(object.atOnce ?? 1).fill(Math.max(object.gib ?? 1, holdsImage ? image : 1)) : [],
  );
};
