import type { HandlerContext, McpServer } from 'mcp-express';
import * as z from 'zod';
import { bodyOf, locate, type ResourceDeps } from '../resources/index.js';
import { withProtocolErrors } from '../resources/protocol-errors.js';
import type { View } from '../resources/view.js';
import { ABOUT_QUOTES, oneLine, visible, visibleJson } from '../untrusted-text.js';
import { projectHealth } from './project-health.js';
import type { Briefing, FloatPrompt, Step } from './prompt.js';
import { staffing } from './staffing.js';
import { weeklyPlanning } from './weekly-planning.js';

/** All prompts. */
export const PROMPTS: readonly FloatPrompt[] = [weeklyPlanning, projectHealth, staffing];

/** Dependencies of the prompts. */
export interface PromptDeps extends Pick<ResourceDeps, 'viewOf'> {
  /** Names of the registered tools. */
  readonly tools: ReadonlySet<string>;
}

/** Registers the prompts whose required tools exist. */
export function registerPrompts(mcp: McpServer, { viewOf, tools }: PromptDeps): void {
  const view = ({ principal, signal }: HandlerContext): View => ({ ...viewOf(principal), signal });
  for (const prompt of PROMPTS.filter((one) => one.tools.every((name) => tools.has(name)))) {
    const { name, title, description, args } = prompt;
    const complete = Object.fromEntries(
      Object.entries(args).map(([argument, { maxLength, suggest }]) => [
        argument,
        (typed: string, _known: unknown, ctx: HandlerContext) =>
          withProtocolErrors(async () => (typed.length > maxLength ? [] : suggest(typed, view(ctx)))),
      ]),
    );
    mcp.registerPrompt(name, { title, description, argsSchema: schemaOf(prompt), complete }, (given, ctx) =>
      withProtocolErrors(async () => {
        const briefing = await prompt.brief(given, view(ctx));
        const steps = briefing.steps.filter(({ tool }) => tools.has(tool));
        return messagesOf({ ...briefing, steps }, view(ctx));
      }),
    );
  }
}

function schemaOf({ args }: FloatPrompt): z.ZodObject<Record<string, z.ZodType<string | undefined>>> {
  return z.object(
    Object.fromEntries(
      Object.entries(args).map(([name, { about, maxLength, required }]) => {
        const text = z.string().trim().max(maxLength);
        // Clients may send an argument that the user left empty.
        const optional = text.transform((given) => given || undefined).optional();
        return [name, (required ? text.min(1) : optional).describe(about)];
      }),
    ),
  );
}

async function messagesOf(briefing: Briefing, view: View) {
  const text = { type: 'text' as const, text: visible(textOf(briefing)) };
  const resources = await Promise.all(briefing.resources.map((uri) => embedded(uri, view)));
  return {
    description: oneLine(briefing.task),
    messages: [text, ...resources].map((content) => ({ role: 'user' as const, content })),
  };
}

async function embedded(uri: string, view: View) {
  const located = locate(uri);
  if (located === undefined) throw new TypeError(`there is no resource ${uri}`);
  const resource = { uri, mimeType: 'application/json', text: await bodyOf(located, view) };
  return { type: 'resource' as const, resource };
}

function textOf({ task, steps, outcome, resources }: Briefing): string {
  const known = resources.length === 0 ? '' : `The current content of ${resources.join(' and ')} is attached.`;
  return [
    task,
    known,
    'Call these tools, in this order and with these arguments:',
    ...steps.map(lineOf),
    ABOUT_QUOTES,
    'Then:',
    ...outcome.map((one) => `- ${one}`),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function lineOf({ tool, args, why }: Step, index: number): string {
  return `${index + 1}. ${tool} ${visibleJson(args)} (${why})`;
}
