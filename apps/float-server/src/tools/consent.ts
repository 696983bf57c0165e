import { createHash } from 'node:crypto';
import { McpError } from 'mcp-express';
import * as z from 'zod';
import { visible } from '../foreign-text.js';
import type { ToolCall } from './tool.js';

/** The argument of every tool that asks before it changes anything. */
export const CONFIRM = z
  .boolean()
  .optional()
  .describe(
    'left out: the user is asked, or a preview is answered where the client cannot ask. true: the user has seen the ' +
      'preview and agreed; asked all the same where the client can. false: only the preview',
  );

/** `missing`: nobody could be asked, or nobody was to be. */
export type Consent = 'given' | 'refused' | 'missing';

const YES = z.object({ go_ahead: z.boolean().default(true).describe('Do it') });
/** What a client that cannot show a question fails with. */
const CANNOT_ASK = new Set<string>(['capability-missing', 'no-channel']);

/**
 * Does the user want this? Who can be asked is asked, because a model that says `confirm: true` may have asked nobody.
 * The key is the question itself: where the answer comes with a second round, it counts only if the preview is still
 * the one that was agreed to.
 */
export async function consentTo(call: ToolCall, question: string, confirm: boolean | undefined): Promise<Consent> {
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

/** The end of a preview: why nothing was changed, and what would. */
export function nothingDone(consent: Exclude<Consent, 'given'>): string {
  if (consent === 'refused') return 'NOTHING WAS CHANGED: the user said no.';
  return 'NOTHING WAS CHANGED. To do it, show this to the user and call again with confirm: true.';
}
