/** Bytes that are looked at. File systems, volume groups and partition tables all begin within them. */
export const FIRST_BLOCK = 4096;

/** True when a volume's first block is empty or this run's own: every block that a run writes first names the run. */
export function isClaimable(block: Buffer, mark: string): boolean {
  return block.every((byte) => byte === 0) || block.includes(mark, 0, 'latin1');
}
