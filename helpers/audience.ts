import { AsyncLocalStorage } from 'node:async_hooks';

/** What is waited for, at one moment. */
export interface WaitNow {
  readonly state: string;
  /** The longest that it will be waited for; milliseconds. */
  readonly withinMs: number;
}

/** Is told what somebody waits for, as it begins and ends. */
export interface Audience {
  /** A service has been asked. What it gives back is called once it has answered, or never will. */
  asked(service: string): () => void;
  /** undefined: nothing is waited for any more. */
  waits(now: WaitNow | undefined): void;
}

const audience = new AsyncLocalStorage<Audience>();

/** Within `run`, `listener` is told of every request and every wait. */
export function heardBy<T>(listener: Audience, run: () => T): T {
  return audience.run(listener, run);
}

/** Who listens here, if anybody does. */
export function listeners(): Audience | undefined {
  return audience.getStore();
}

/** Tells who listens that a service has been asked; dispose of it once it has answered, or never will. */
export function asking(service: string): Disposable {
  const answered = listeners()?.asked(service);
  return { [Symbol.dispose]: () => answered?.() };
}
