import type { EvidenceSink } from '../../helpers/evidence.ts';
import { isOfTheSystem, systemFailure } from '../system-failure.ts';

/**
 * What goes wrong when a run's folder is written to. That its disk is full must keep nobody from taking away what the run made, so that it is
 * told once, and the verdict misses what could not be written.
 */
export class FolderTrouble {
  readonly #dir: string;
  readonly #tell: (text: string) => void;
  #isTold = false;

  constructor(dir: string, tell: (text: string) => void) {
    this.#dir = dir;
    this.#tell = tell;
  }

  /** Takes an error of the system; throws any other one. */
  take(error: unknown): void {
    if (!isOfTheSystem(error)) {
      throw error;
    }
    if (!this.#isTold) {
      this.#isTold = true;
      const { what, advice } = systemFailure(error);
      this.#tell(`The run's folder cannot be written to: ${what}\n  folder: ${this.#dir}\n  → ${advice}`);
    }
  }

  attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.take(error);
    }
  }

  guard(sink: EvidenceSink): EvidenceSink {
    return (line) => this.attempt(() => sink(line));
  }
}
