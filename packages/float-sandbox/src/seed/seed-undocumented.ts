/** Records of the undocumented resources: stages, a template, a currency, a rate card, an expense. */
import { createRecord } from '../model/records.js';
import type { World } from '../world.js';
import type { Calendar } from './calendar.js';
import { FIRST_IDS, IDS } from './ids.js';

/** Name of each stage, and the status it determines. */
const STAGES = [
  ['Idea', 0],
  ['Proposal sent', 1],
  ['Won', 2],
  ['Delivered', 3],
  ['Lost', 4],
] as const;
const WEDNESDAY = 2;

/** Creates these records. */
export function seedNewer(world: World, calendar: Calendar): void {
  for (const [index, [name, status]] of STAGES.entries()) {
    createRecord(world, 'project-stages', { id: FIRST_IDS['project-stages'] + index, name, status });
  }
  createRecord(world, 'currencies', { id: FIRST_IDS.currencies, code: 'GBP', is_default: 1 });
  createRecord(world, 'rate-cards', {
    id: FIRST_IDS['rate-cards'],
    name: 'Charities',
    rates: [
      { role_id: IDS.roles['Design Lead'], hourly_rate: 98 },
      { role_id: IDS.roles['Frontend Developer'], hourly_rate: 84 },
    ],
  });
  createRecord(world, 'project-templates', {
    id: FIRST_IDS['project-templates'],
    name: 'Website',
    tags: ['web'],
    budget_type: 1,
    task_names: ['Design', 'Build', 'Testing'],
  });
  createRecord(world, 'project-expenses', {
    id: FIRST_IDS['project-expenses'],
    project_id: IDS.projects.dashboard,
    name: 'Map tiles',
    date: calendar.day(-1, WEDNESDAY),
    cost: 480,
    markup: 10,
  });
}
