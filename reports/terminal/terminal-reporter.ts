import { heardBy } from '../../helpers/audience.ts';
import type { Manifest } from '../../helpers/claims.ts';
import type { CheckEvidence, Evidence } from '../../helpers/evidence.ts';
import { WaitingLine } from '../../helpers/waiting-line.ts';
import type { VerdictOutcome } from '../verdict/verdict-schema.ts';
import { cut, duration, firstLine, OUTCOME_STYLES, type Palette, plain, plural, SYMBOLS } from './text.ts';

/** As much of a terminal as the reporter needs; `process.stdout` is one. */
export interface TerminalOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface TerminalOptions {
  /** Whose scenarios are played; none when absent. */
  readonly manifest?: Manifest;
  readonly out: TerminalOutput;
  readonly palette?: Palette;
  /** Ids of checks that are waived on this day: red, they are no failures. */
  readonly waived?: ReadonlySet<string>;
  /** Milliseconds; for the elapsed times. */
  readonly now?: () => number;
}

/** What a run consists of, to tell how far it is. */
export interface Course {
  readonly checks: number;
  /** How long it should take, in milliseconds. */
  readonly expectedMs: number;
}

interface Running {
  readonly title: string;
  readonly since: number;
  readonly checks: CheckEvidence[];
  step: string;
  progress: string;
}

const FRAME_MS = 100;
const TICK_MS = 500;
/** A log is to show that something goes on: half a minute is the longest silence. */
const LOG_MS = 25_000;
const LOG_LOOK_MS = 5000;
const SECOND = 1000;
const COLUMNS = 80;
const ROWS = 24;
const TITLE_COLUMNS = 34;
/** `12 min 34 s`, and a blank before it. */
const TIME_COLUMNS = 12;

/** What a step stopped is told once, by the step: what a check stopped is told by that check. */
function firstBlockedByStep(red: readonly CheckEvidence[]): CheckEvidence | undefined {
  return red.every(({ outcome }) => outcome === 'blocked') ? red[0] : undefined;
}

/** How a scenario as a whole looks. */
function worstOf(bad: readonly CheckEvidence[], waived: readonly CheckEvidence[], error: string | undefined): VerdictOutcome {
  const outcomes = bad.map(({ outcome }) => outcome);
  const worst = (['failed', 'could-not-check', 'blocked'] as const).find((outcome) => outcomes.includes(outcome));
  return worst ?? (waived.length > 0 ? 'waived' : error === undefined ? 'passed' : 'failed');
}

/**
 * Shows a run while it goes on, from its lines of evidence. On a terminal: one live line per running scenario, redrawn at most
 * ten times a second, and one lasting line per scenario that has ended; elsewhere only the latter.
 */
export class TerminalReporter implements Disposable {
  readonly #titles: ReadonlyMap<string, string>;
  readonly #out: TerminalOutput;
  readonly #palette: Palette;
  readonly #now: () => number;
  readonly #waived: ReadonlySet<string>;
  readonly #running = new Map<string, Running>();
  #drawn = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #printedAt = Number.NEGATIVE_INFINITY;
  #stale = false;
  #frames: NodeJS.Timeout | undefined;
  #course: (Course & { readonly since: number }) | undefined;
  readonly #seen = new Set<string>();
  #doing: { readonly what: string; readonly line: Pick<WaitingLine, 'text'> | undefined; readonly since: number } | undefined;

  constructor({ manifest, out, palette = plain, waived = new Set(), now = () => performance.now() }: TerminalOptions) {
    this.#titles = new Map(manifest?.scenarios.map(({ id, chapter, title }) => [id, `${chapter} ${title}`]));
    this.#out = out;
    this.#palette = palette;
    this.#now = now;
    this.#waived = waived;
  }

  /** From now on it is told how far the run is. */
  begin(course: Course): void {
    this.#course = { ...course, since: this.#now() };
  }

  /** Takes the next line of evidence. */
  accept(line: Evidence): void {
    if (line.type === 'check') {
      this.#seen.add(line.check);
    }
    if (line.type === 'scenario') {
      line.state === 'started' ? this.#start(line.scenario) : this.#end(line.scenario, line.ms, line.error);
    }
    const running = this.#running.get(line.scenario);
    if (running === undefined) {
      return;
    }
    if (line.type === 'step' && line.state === 'started') {
      Object.assign(running, { step: line.title, progress: '' });
    } else if (line.type === 'progress') {
      running.progress = line.percent === undefined ? line.text : `${line.text} ${Math.round(line.percent)} %`;
    } else if (line.type === 'check') {
      running.checks.push(line);
    }
    this.#stale = true;
  }

  /** Writes lasting lines above the live ones. */
  print(text: string): void {
    this.#erase();
    this.#out.write(text);
    this.#printedAt = this.#now();
    this.#draw();
  }

  /** Shows what goes on while no scenario does, and for whom that waits. */
  async saying<T>(what: string, act: () => Promise<T>): Promise<T> {
    const line = new WaitingLine(this.#now);
    using _ = this.during(what, line);
    return await heardBy(line, act);
  }

  /** Shows what goes on while no scenario does, until that is disposed of: a run is never silent. */
  during(what: string, line?: Pick<WaitingLine, 'text'>): Disposable {
    const doing = { what, line, since: this.#now() };
    this.#doing = doing;
    this.#erase();
    this.#draw();
    this.#watch();
    return {
      [Symbol.dispose]: () => {
        if (this.#doing === doing) {
          this.#doing = undefined;
          this.#erase();
          this.#draw();
          this.#unwatch();
        }
      },
    };
  }

  /** Takes the live lines away: nothing of it runs any more. */
  settle(): void {
    this.#running.clear();
    this.#doing = undefined;
    this.#erase();
    this.#unwatch();
  }

  [Symbol.dispose](): void {
    this.settle();
  }

  #start(scenario: string): void {
    const title = this.#titles.get(scenario) ?? scenario;
    this.#running.set(scenario, { title, since: this.#now(), checks: [], step: '', progress: '' });
    this.#watch();
  }

  #watch(): void {
    if (this.#frames === undefined) {
      const [everyMs, tell] = this.#out.isTTY ? [FRAME_MS, () => this.#frame()] : [LOG_LOOK_MS, () => this.#log()];
      this.#frames = setInterval(tell, everyMs).unref();
    }
  }

  #unwatch(): void {
    if (this.#running.size === 0 && this.#doing === undefined) {
      clearInterval(this.#frames);
      this.#frames = undefined;
    }
  }

  #end(scenario: string, ms: number, error: string | undefined): void {
    const running = this.#running.get(scenario);
    if (running === undefined) {
      return;
    }
    this.#running.delete(scenario);
    this.print(this.#lastingLines(running, ms, error));
    this.#unwatch();
  }

  #lastingLines({ title, checks }: Running, ms: number, error: string | undefined): string {
    const red = checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not-applicable');
    const waived = red.filter(({ check }) => this.#waived.has(check));
    const bad = red.filter(({ check }) => !this.#waived.has(check));
    const told = red.filter((check) => check.outcome !== 'blocked' || check === firstBlockedByStep(red));
    const outcome = worstOf(bad, waived, error);
    const summary = [
      bad.length > 0 ? `${bad.length} of ${plural(checks.length, 'check')} not passed` : plural(checks.length, 'check'),
      ...(waived.length > 0 ? [`${waived.length} waived`] : []),
    ].join(', ');
    const width = this.#columns() - summary.length - TIME_COLUMNS - 4;
    const head = `${cut(title, width).padEnd(width)}  ${summary}${duration(ms).padStart(TIME_COLUMNS)}`;
    const unexplained = error !== undefined && red.length === 0 ? [`    ${cut(firstLine(error), this.#columns() - 4)}`] : [];
    const causes = told.map((check) => {
      const seen = waived.includes(check) ? 'waived' : check.outcome;
      const name = check.outcome === 'blocked' ? check.by : check.check;
      const cause = cut(`${name}: ${firstLine(check.cause ?? check.outcome)}`, this.#columns() - 6);
      return `    ${this.#palette(OUTCOME_STYLES[seen], SYMBOLS[seen])} ${cause}`;
    });
    return [`${this.#palette(OUTCOME_STYLES[outcome], SYMBOLS[outcome])} ${head}`, ...unexplained, ...causes, ''].join('\n');
  }

  #columns(): number {
    return (this.#out.columns ?? COLUMNS) - 1;
  }

  /** Where lines last, those that run are only told when nothing else has been for a while. */
  #log(): void {
    if (this.#now() - Math.max(this.#printedAt, this.#doing?.since ?? 0) >= LOG_MS) {
      this.print(
        this.#liveLines()
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
  }

  #frame(): void {
    if (this.#stale || this.#now() - this.#drawnAt >= TICK_MS) {
      this.#erase();
      this.#draw();
    }
  }

  #draw(): void {
    if (!this.#out.isTTY) {
      return;
    }
    const lines = this.#liveLines((this.#out.rows ?? ROWS) - 2);
    this.#out.write(lines.map((line) => `${line}\n`).join(''));
    this.#drawn = lines.length;
    this.#drawnAt = this.#now();
    this.#stale = false;
  }

  #liveLines(most = Number.POSITIVE_INFINITY): string[] {
    const running = [...this.#running.values()].slice(0, most).map((one) => this.#liveLine(one));
    if (running.length > 0) {
      return [...running, ...this.#courseLine()];
    }
    if (this.#doing === undefined) {
      return [];
    }
    const { what, line, since } = this.#doing;
    const words = [what, line?.text ?? ''].join(' ').trimEnd();
    return [`  ${cut(words, this.#columns() - TIME_COLUMNS - 2)}${this.#palette('dim', ` ${duration(this.#now() - since)}`)}`];
  }

  #courseLine(): string[] {
    if (this.#course === undefined) {
      return [];
    }
    const { checks, expectedMs, since } = this.#course;
    const elapsed = this.#now() - since;
    const rest = duration(Math.ceil((expectedMs - elapsed) / SECOND) * SECOND).replace('.0', '');
    const left = expectedMs > elapsed ? `, about ${rest} left` : '';
    return [cut(`  ${this.#seen.size} of ${plural(checks, 'check')} in ${duration(elapsed)}${left}`, this.#columns())];
  }

  #liveLine({ title, since, step, progress }: Running): string {
    const elapsed = duration(this.#now() - since).padStart(TIME_COLUMNS);
    const head = cut(title, TITLE_COLUMNS).padEnd(TITLE_COLUMNS);
    const room = this.#columns() - TITLE_COLUMNS - TIME_COLUMNS - 4;
    const doing = progress === '' ? cut(step, room) : `${cut(step, Math.max(0, room - progress.length - 1))} ${progress}`;
    return `  ${head}${this.#palette('dim', elapsed)}  ${cut(doing, room)}`;
  }

  #erase(): void {
    if (this.#drawn > 0) {
      // From the first column on: a terminal shows `^C` where the cursor is.
      this.#out.write(`\u001b[${this.#drawn}F\u001b[J`);
      this.#drawn = 0;
    }
  }
}
