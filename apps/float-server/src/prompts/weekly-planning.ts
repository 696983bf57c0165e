import { addDays } from 'resource-planning';
import { suggestDepartments } from '../resources/names.js';
import { teamWeekUri, type Week } from '../resources/uris.js';
import { suggestWeeks, weekOf } from '../resources/weeks.js';
import { MAX_NAME_CHARS } from '../tools/shared-arguments.js';
import { named } from '../untrusted-text.js';
import { ASK_FIRST, type FloatPrompt, type Step } from './prompt.js';

/** The prompt `weekly-planning-meeting`. */
export const weeklyPlanning: FloatPrompt = {
  name: 'weekly-planning-meeting',
  title: 'Weekly planning meeting',
  description: 'Prepares the meeting about a week: what was left over, who is away, overbooked or free, what is due.',
  args: {
    week: {
      about: 'the week to plan: next-week, this-week, or 2026-W48; next-week when left out',
      required: false,
      maxLength: 20,
      suggest: (typed, view) => suggestWeeks(typed, view.today),
    },
    department: {
      about: 'only this department and those below it (name or id)',
      required: false,
      maxLength: MAX_NAME_CHARS,
      suggest: suggestDepartments,
    },
  },
  tools: ['logged-vs-planned', 'who-is-away', 'leave-clashes', 'who-is-overbooked', 'who-is-free', 'whats-due'],
  async brief({ week: name = 'next-week', department }, view) {
    const week = weekOf(name, view.today);
    const whom = department === undefined ? 'the team' : `the department ${named(department)}`;
    return {
      task: `Prepare the planning meeting of ${whom} for the week ${week.name} (${week.from} to ${week.to}).`,
      steps: stepsFor(week, department === undefined ? {} : { department }),
      outcome: [
        'Write one page: what did not get done and moves on, who is away, who has too much and by what, who has time, what is due.',
        'For each overbooked person propose one remedy: a free person with the same role or skill (hand-over), later dates, or fewer hours. Name the hours.',
        'End with the decisions the meeting has to take, the most urgent first.',
        ASK_FIRST,
      ],
      resources: [teamWeekUri(week.name)],
    };
  },
};

function stepsFor(week: Week, whom: Readonly<Record<string, string>>): Step[] {
  const range = `${week.from}..${week.to}`;
  const before = `${addDays(week.from, -7)}..${addDays(week.to, -7)}`;
  const until = `${week.from}..${addDays(week.to, 7)}`;
  return [
    {
      tool: 'logged-vs-planned',
      args: { range: before, ...whom },
      why: 'what was planned the week before, and not done',
    },
    { tool: 'who-is-away', args: { range, ...whom }, why: 'leave and holidays' },
    { tool: 'leave-clashes', args: { range }, why: 'work that is planned for days of leave' },
    { tool: 'who-is-overbooked', args: { range, ...whom }, why: 'too much work, and by what; tentative work apart' },
    { tool: 'who-is-free', args: { range, min_hours: 4, ...whom }, why: 'who could take something over' },
    { tool: 'whats-due', args: { range: until }, why: 'dates of this week and the next' },
  ];
}
