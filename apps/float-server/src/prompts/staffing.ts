import { parseRange, RANGE_EXAMPLES } from 'resource-planning';
import { teamWeekUri } from '../resources/uris.js';
import { isoWeekOf } from '../resources/weeks.js';
import { MAX_NAME_CHARS } from '../tools/shared-arguments.js';
import { named, quoted } from '../untrusted-text.js';
import { type Demand, parseDemands, suggestDemands } from './demands.js';
import { ASK_FIRST, type FloatPrompt, type Step } from './prompt.js';

/** The prompt `staff-new-project`. */
export const staffing: FloatPrompt = {
  name: 'staff-new-project',
  title: 'Staff a new project',
  description: 'Finds out whether the team can take on a project, who would do it, and what it would take.',
  args: {
    needs: {
      about: 'roles or skills with hours, such as "Designer 120, Developer 300"',
      required: true,
      maxLength: 500,
      suggest: suggestDemands,
    },
    range: {
      about: 'when: "next month", "next 8 weeks", "2027-01-04..2027-03-26"',
      required: true,
      maxLength: 100,
      suggest: (typed) => suggestRanges(typed),
    },
    project: { about: 'name of the project', required: false, maxLength: MAX_NAME_CHARS, suggest: () => [] },
  },
  tools: ['can-we-take-on', 'find-available', 'who-is-away', 'book-person'],
  async brief({ needs = '', range: words = '', project }, view) {
    const { from, to } = parseRange(words, view.today);
    const demands = await parseDemands(needs, view);
    return {
      task: `Staff ${project === undefined ? 'the new project' : quoted(project)} from ${from} to ${to}: ${demands.map(textOf).join(', ')}.`,
      steps: stepsFor(demands, `${from}..${to}`),
      outcome: [
        'Propose who does what, week by week, so that each need is met and no person has more than their hours; say where it is tight.',
        'Where it does not fit, show what would help: later dates, tentative work that is dropped, external people, and how many hours each gives.',
        'Then show the bookings as previews: book-person for each person, with confirm: false.',
        ASK_FIRST,
      ],
      resources: [teamWeekUri(isoWeekOf(from))],
    };
  },
};

function suggestRanges(typed: string): string[] {
  const wanted = typed.toLowerCase();
  return RANGE_EXAMPLES.filter((example) => example.startsWith(wanted));
}

function stepsFor(demands: readonly Demand[], range: string): Step[] {
  const whoFits = demands.map((demand) => ({
    tool: 'find-available',
    args: { range, ...demand },
    why: `who has the hours as ${quoted(demand.role ?? demand.tag ?? '')}, and from when`,
  }));
  return [
    { tool: 'can-we-take-on', args: { range, demands }, why: 'demand against free hours, week by week' },
    ...whoFits,
    { tool: 'who-is-away', args: { range }, why: 'leave in that time' },
  ];
}

function textOf({ role, tag, hours }: Demand): string {
  return `${hours} hours of ${named(role ?? tag ?? '')}`;
}
