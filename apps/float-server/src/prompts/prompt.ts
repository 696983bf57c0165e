import type { Suggest } from '../resources/resource.js';
import type { View } from '../resources/view.js';

/** A call to make, just as it is to be made. */
export interface Step {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** What a model is told to do. */
export interface Briefing {
  readonly task: string;
  /** In this order. One whose tool is not offered is left out. */
  readonly steps: readonly Step[];
  /** What to do with what was found. */
  readonly outcome: readonly string[];
  /** Addresses of resources to hand over with it, as they are now. */
  readonly resources: readonly string[];
}

export interface Argument {
  readonly about: string;
  readonly required: boolean;
  /** Characters of it, at most. */
  readonly longest: number;
  readonly suggest: Suggest;
}

export interface FloatPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: Readonly<Record<string, Argument>>;
  /** The tools it cannot do without: where one of them is not offered, neither is the prompt. */
  readonly tools: readonly string[];
  brief(args: Readonly<Record<string, string | undefined>>, view: View): Promise<Briefing>;
}

/** A previewing tool is named in every prompt that may end in a change. */
export const ASK_FIRST = 'Change nothing by yourself: show what you propose, and act once the people in charge agree.';
