import { addDays, mondayOf } from 'resource-planning';
import { findProject, suggestProjects } from '../resources/names.js';
import { projectUri } from '../resources/uris.js';
import { MAX_NAME_CHARS } from '../tools/shared-arguments.js';
import { quoted } from '../untrusted-text.js';
import { ASK_FIRST, type FloatPrompt } from './prompt.js';

/** Weeks before and after today: enough for a trend, and soon enough to act on. */
const WEEKS = 4;

/** The prompt `project-health-check`. */
export const projectHealth: FloatPrompt = {
  name: 'project-health-check',
  title: 'Project health check',
  description: 'Checks one project: time against plan, dates ahead, overbooked people, and what to do about it.',
  args: {
    project: {
      about: 'the project (full name, code or id)',
      required: true,
      maxLength: MAX_NAME_CHARS,
      suggest: suggestProjects,
    },
  },
  tools: ['logged-vs-planned', 'who-works-on', 'whats-due', 'who-is-overbooked'],
  async brief({ project: asked = '' }, view) {
    const { project_id: id, name } = await findProject(asked, view);
    const monday = mondayOf(view.today);
    const past = `${addDays(monday, -7 * WEEKS)}..${addDays(monday, -1)}`;
    const ahead = `${view.today}..${addDays(view.today, 7 * WEEKS - 1)}`;
    return {
      task: `Check the health of the project ${quoted(name)} (id ${id}) as of ${view.today}.`,
      steps: [
        {
          tool: 'logged-vs-planned',
          args: { range: past, project: id },
          why: `the last ${WEEKS} weeks: is it going as planned?`,
        },
        {
          tool: 'who-works-on',
          args: { project: id, range: ahead },
          why: 'who works on it, how much, and who of the team does not',
        },
        { tool: 'show-budget', args: { project: id }, why: 'what is used up, and when it runs out' },
        { tool: 'whats-due', args: { project: id, range: ahead }, why: 'milestones and ends of phases ahead' },
        { tool: 'who-is-overbooked', args: { range: ahead }, why: 'do people of this project have too much in all?' },
      ],
      outcome: [
        'Judge schedule, budget, people and dates each as good, at risk or in trouble, with the number that says so.',
        'Logged far above planned eats the budget; far below means work that moves on, or time that was not logged: say which you think it is.',
        'Work that is planned after the end of the project, and a milestone with no work before it, are findings.',
        'Propose the three most useful next steps, each with a name and a date.',
        ASK_FIRST,
      ],
      resources: [projectUri(id)],
    };
  },
};
