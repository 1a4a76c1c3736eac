/**
 * The fewest items that still fail, as far as leaving some out in one go finds them: first half of them, then fewer. Stops looking when `isOver`.
 */
export async function fewest<T>(
  items: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  isOver: () => boolean,
): Promise<readonly T[]> {
  let kept = items;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = kept.length - size; at > -size && !isOver(); at -= size) {
      const less = kept.toSpliced(Math.max(0, at), size + Math.min(0, at));
      kept = less.length < kept.length && (await fails(less)) ? less : kept;
    }
  }
  return kept;
}
