import { suggestRoles, suggestTags } from '../resources/names.js';
import type { View } from '../resources/view.js';
import { ToolProblem } from '../tools/problem.js';
import { folded } from '../tools/spelling.js';
import { quoted } from '../untrusted-text.js';

/** Hours a project needs from one role or skill. */
export interface Demand {
  readonly role?: string;
  readonly tag?: string;
  readonly hours: number;
}

const FORM = /^(.+?)[:=]?\s+(\d+(?:\.\d+)?)\s*h?(?:ours)?$/i;
const HOW = 'Write roles or skills with hours, such as "Designer 120, Developer 300".';
const MOST = 12;

/**
 * Parses "Designer 120, Developer 300". A name that is no role counts as a skill.
 *
 * @throws ToolProblem with an example
 */
export async function parseDemands(text: string, view: View): Promise<Demand[]> {
  const parts = text.split(/[,;\n]/).map((part) => part.trim());
  const read = parts.filter((part) => part !== '').map(parseDemand);
  if (read.length === 0 || read.length > MOST) {
    throw new ToolProblem('bad-argument', `There are ${read.length} needs in ${quoted(text)}. ${HOW} At most ${MOST}.`);
  }
  const roles = new Set((await view.api.listAll('roles', {}, view)).map(({ name }) => folded(name)));
  return read.map(({ what, hours }) => (roles.has(folded(what)) ? { role: what, hours } : { tag: what, hours }));
}

function parseDemand(part: string): { what: string; hours: number } {
  const [, what, hours] = FORM.exec(part) ?? [];
  if (what !== undefined && Number(hours) > 0) return { what, hours: Number(hours) };
  throw new ToolProblem('bad-argument', `${quoted(part)} is no need with hours. ${HOW}`);
}

/** Completes the last role or skill of the list. */
export async function suggestDemands(typed: string, view: View): Promise<string[]> {
  const start = Math.max(typed.lastIndexOf(','), typed.lastIndexOf(';')) + 1;
  const before = typed.slice(0, start);
  const names = [...(await suggestRoles(typed.slice(start), view)), ...(await suggestTags(typed.slice(start), view))];
  return [...new Set(names)].map((name) => `${before}${before === '' ? '' : ' '}${name}`);
}
