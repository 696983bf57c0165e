/** What all questions about the plan share: the level of detail, and the line on filters and records at the end. */
import * as z from 'zod';
import { escapedForText } from '../untrusted-text.js';
import { defineTool, type FloatTool, READS, type ToolCall, type ToolDefinition } from './tool.js';

/** Entries that a question lists at most. */
export const LIMIT = z.number().int().min(1).max(200).default(25).describe('most entries to list');

const DETAIL = z.enum(['concise', 'full']).default('concise').describe('full: also the data of each day');

/** The result of a question. */
type Result<O extends z.ZodObject> = z.output<O> & { readonly filters: readonly string[] };

/** A question as its module declares it. */
export interface QuestionDefinition<I extends z.ZodObject, O extends z.ZodObject>
  extends Omit<ToolDefinition<I, O>, 'annotations' | 'run'> {
  answer(args: z.output<I>, call: ToolCall): Promise<Result<O>>;
  /** The answer in words, without its last line. The values in the result are escaped. */
  text(result: Result<O>, args: z.output<I>): string;
  /** The sentence on the records that the answer is based on. */
  read(result: Result<O>): string;
  /** Parts of the result that only `detail: "full"` has, such as `people.days`. @default none, and no `detail` */
  readonly inFull?: readonly string[];
}

/** Makes the tool of a question. It reads only. */
export function defineQuestion<I extends z.ZodObject, O extends z.ZodObject>(
  question: QuestionDefinition<I, O>,
): FloatTool {
  const { answer, text, read, inFull = [], input, output, ...rest } = question;
  return defineTool({
    ...rest,
    input: (inFull.length === 0 ? input : input.extend({ detail: DETAIL })) as z.ZodObject,
    output: inFull.reduce((schema, path) => withOptional(schema, path.split('.')), output as z.ZodObject),
    annotations: READS,
    async run(given, call) {
      // The registry has validated the arguments against `input`.
      const args = given as z.output<I>;
      const whole = await answer(args, call);
      const escaped = escapedForText(whole);
      const lines = [text(escaped, args), `Filters: ${escaped.filters.join('; ')}. ${read(escaped)}`];
      if (inFull.length === 0 || given['detail'] === 'full') return { text: lines.join('\n'), data: whole };
      lines.push(`With detail: "full" the data also has ${inFull.join(', ')}.`);
      return { text: lines.join('\n'), data: inFull.reduce((data, path) => without(data, path.split('.')), whole) };
    },
  });
}

/** The schema with an optional property; the path leads through lists. */
function withOptional(schema: z.ZodObject, [name = '', ...rest]: readonly string[]): z.ZodObject {
  const property = schema.shape[name] as z.ZodType;
  if (rest.length === 0) return schema.extend({ [name]: property.optional() });
  const list = property as z.ZodArray<z.ZodObject>;
  const inner = z.array(withOptional(list.element, rest));
  return schema.extend({ [name]: list.description === undefined ? inner : inner.describe(list.description) });
}

/** A copy without a property; the path leads through lists. */
function without<T extends object>(data: T, [name = '', ...rest]: readonly string[]): T {
  const { [name]: value, ...others } = data as Record<string, unknown>;
  if (rest.length === 0) return others as T;
  return { ...data, [name]: (value as readonly object[]).map((entry) => without(entry, rest)) };
}
