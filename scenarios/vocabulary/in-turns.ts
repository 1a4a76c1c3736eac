/**
 * Does something with each item, so many at a time; `told` is told how many are done. When one fails for good no other is begun, and its error
 * is thrown only once all that were under way have come to their end: whoever takes away after that finds nobody at work.
 */
export async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  act: (item: T, n: number) => Promise<R>,
  told: (done: number) => void,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let done = 0;
  let isStopped = false;
  const worker = async () => {
    for (const [n, item] of queue) {
      try {
        results[n] = await act(item, n);
      } catch (error) {
        isStopped = true;
        throw error;
      }
      done += 1;
      told(done);
      if (isStopped) {
        return;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
  return results;
}
