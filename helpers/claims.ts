/** What a check can end as. Only `passed` and an evidenced `not-applicable` let a run be accepted. */
export type Outcome = 'passed' | 'failed' | 'not-applicable' | 'blocked' | 'could-not-check';

/** A named claim about the deployment: declared once in the manifest, evaluated by one scenario. */
export interface Check {
  /** Stable id, `<topic>.<claim>`, such as `extend.size`. */
  readonly id: string;
  /** The scenario that evaluates it. */
  readonly scenario: string;
  /** True when the check passes, in the domain's words. */
  readonly claim: string;
  /** Where the deployment guide says so: its section and the words or command of that line. */
  readonly guide: { readonly section: string; readonly line: string };
  /** What to do when what it looks at is not as claimed. What else may stop it, such as a refusal, says itself what to do. */
  readonly remedy: string;
}

/** A chapter of the deployment guide, in the guide's order. */
export interface Chapter {
  readonly number: number;
  /** The folder under scenarios/. */
  readonly folder: string;
  /** The guide's own heading. */
  readonly title: string;
}

/** The guide has seven; what comes after them is beyond it. */
export const LAST_CHAPTER_OF_GUIDE = 7;

/** One step of a scenario: what a person would do, and the command line that person would type. */
export interface StepPlan {
  readonly key: string;
  readonly title: string;
  /** Absent for steps that only look through the APIs and have no command in the guide. */
  readonly command?: string;
}

/** An object that a scenario makes, as `plan` announces it. */
export interface ObjectPlan {
  readonly kind: 'volume' | 'snapshot' | 'image' | 'server' | 'attachment';
  readonly name: string;
  readonly gib?: number;
  /** One for each of these, so many of them at the same time at most; a single one when absent. */
  readonly each?: 'hypervisor';
  readonly atOnce?: number;
}

export interface ScenarioPlan {
  readonly id: string;
  readonly chapter: number;
  readonly title: string;
  /** What a person must know before it is played, to complete “scenario …”. */
  readonly caution?: string;
  readonly objects: readonly ObjectPlan[];
  readonly steps: readonly StepPlan[];
}

/** A field that a layer tells of a kind of things. */
export interface KnownField {
  readonly layer: string;
  readonly kind: string;
  readonly name: string;
  /** How its expected value comes about; of one that is not compared: why. */
  readonly rule: string;
  readonly isCompared: boolean;
}

/** Everything the verdict is computed against. */
export interface Manifest {
  readonly chapters: readonly Chapter[];
  readonly scenarios: readonly {
    readonly id: string;
    readonly chapter: number;
    readonly title: string;
    /** Not played with its chapter, but by its name. */
    readonly isOnRequest?: boolean;
  }[];
  readonly checks: readonly Check[];
  /** What is compared after each operation, and what is not. */
  readonly fields: readonly KnownField[];
}
