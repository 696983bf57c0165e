import { createHash } from 'node:crypto';
import { McpError } from 'mcp-express';
import * as z from 'zod';
import { visible } from '../untrusted-text.js';
import type { ToolCall } from './tool.js';

/** The `confirm` argument of every tool that asks the user before it changes anything. */
export const CONFIRM = z
  .boolean()
  .optional()
  .describe(
    'omitted: asks the user, or returns a preview where the client cannot ask; true: the user agreed to the preview; ' +
      'false: preview only',
  );

/** The user's answer. `missing`: the client cannot ask the user, or the call forbids it. */
export type Consent = 'given' | 'refused' | 'missing';

const YES = z.object({ go_ahead: z.boolean().default(true).describe('Do it') });
/** Error codes of a client that cannot show an elicitation. */
const CANNOT_ASK = new Set<string>(['capability-missing', 'no-channel']);

/**
 * Asks the user to confirm a change. The user is asked even with `confirm: true` if the client supports elicitation,
 * because a model may set the argument without having asked. The elicitation's key is a hash of the question: an answer
 * that arrives in a later round counts only if the preview is still the one the user agreed to.
 *
 * @param question preview of the change, shown to the user
 * @param confirm the tool's argument: `false` never asks; `true` counts as consent where the client cannot ask
 */
export async function requestConsent(call: ToolCall, question: string, confirm: boolean | undefined): Promise<Consent> {
  if (confirm === false) return 'missing';
  const answer = await ask(call, question);
  if (answer !== undefined) return answer ? 'given' : 'refused';
  return confirm === true ? 'given' : 'missing';
}

async function ask({ elicit }: ToolCall, question: string): Promise<boolean | undefined> {
  if (elicit === undefined) return undefined;
  try {
    const key = `confirm-${createHash('sha256').update(question).digest('hex').slice(0, 16)}`;
    const { action, content } = await elicit({ message: visible(question), requestedSchema: YES }, { key });
    return action === 'accept' && content?.['go_ahead'] === true;
  } catch (error) {
    if (McpError.is(error) && CANNOT_ASK.has(error.code)) return undefined;
    throw error;
  }
}

/** Last lines of a preview: why nothing was changed, and how to apply it. */
export function unchangedText(consent: Exclude<Consent, 'given'>): string {
  if (consent === 'refused') return 'NOTHING WAS CHANGED: the user said no.';
  return 'NOTHING WAS CHANGED. To do it, show this to the user and call again with confirm: true.';
}
