import type { Suggest } from '../resources/resource.js';
import type { View } from '../resources/view.js';

/** A tool call the model is asked to make. */
export interface Step {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** The content of a prompt. */
export interface Briefing {
  readonly task: string;
  /** Tool calls in order. Steps whose tool is not registered are left out. */
  readonly steps: readonly Step[];
  /** Instructions for using the results. */
  readonly outcome: readonly string[];
  /** URIs of resources whose current content is attached. */
  readonly resources: readonly string[];
}

/** An argument of a prompt. */
export interface Argument {
  readonly about: string;
  readonly required: boolean;
  /** Maximum length in characters. */
  readonly maxLength: number;
  readonly suggest: Suggest;
}

/** A prompt as its module declares it. */
export interface FloatPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: Readonly<Record<string, Argument>>;
  /** Required tools. The prompt is not registered if one of them is missing. */
  readonly tools: readonly string[];
  brief(args: Readonly<Record<string, string | undefined>>, view: View): Promise<Briefing>;
}

/** The last instruction of every prompt that may lead to a change. */
export const ASK_FIRST = 'Change nothing by yourself: show what you propose, and act once the people in charge agree.';
