/** Logged time of the past four weeks, derived from the plan with random deviations. */
import { addDays } from 'resource-planning';
import { createRecord } from '../model/records.js';
import { assigneesOf, taskDays } from '../model/task-days.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import type { Calendar } from './calendar.js';
import { createRandom } from './random.js';

/** Logged part of the planned hours; 0 for a forgotten entry. */
const HABITS = [1, 1, 1, 1, 1, 1, 1.25, 0.75, 0.5, 0];
const QUARTERS = 4;
const FIRST_LOGGED_WEEK = -4;
const SEED = 20_080_915;

/** Creates the logged time. */
export function seedLogged(world: World, calendar: Calendar): void {
  const random = createRandom(SEED);
  const past = { start_date: calendar.day(FIRST_LOGGED_WEEK, 0), end_date: addDays(world.today, -1) };
  const firm = world.store.select('allocations', { where: [{ sql: 'status >= 2', values: [] }] });
  for (const allocation of firm) {
    for (const person of assigneesOf(allocation)) {
      const days = taskDays(world, allocation, { ...past, people_id: String(person) }) ?? [];
      for (const date of days) logDay(world, allocation, { people_id: person, date, habit: pick(random) });
    }
  }
}

function pick(random: () => number): number {
  return HABITS[Math.floor(random() * HABITS.length)] ?? 1;
}

function logDay(world: World, allocation: Row, entry: { people_id: number; date: string; habit: number }): void {
  const hours = Math.round(Number(allocation['hours']) * entry.habit * QUARTERS) / QUARTERS;
  if (hours === 0) return;
  world.setDay(entry.date);
  createRecord(world, 'logged-time', {
    people_id: entry.people_id,
    project_id: allocation['project_id'],
    phase_id: allocation['phase_id'],
    task_meta_id: allocation['task_meta_id'],
    date: entry.date,
    hours,
  });
}
