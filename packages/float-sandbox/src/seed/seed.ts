import { addDays } from 'resource-planning';
import type { World } from '../world.js';
import { createCalendar } from './calendar.js';
import { seedLogged } from './seed-logged.js';
import { seedSchedule } from './seed-schedule.js';
import { seedTeam } from './seed-team.js';
import { seedNewer } from './seed-undocumented.js';
import { seedWork } from './seed-work.js';

/** Days before `today` at which the seed is dated, so that `modified_since` today finds only changes made later. */
const WRITTEN_DAYS_AGO = 35;

/** Fills an empty database. Every record is created by the same rules as in a request. */
export function seedWorld(world: World): void {
  const calendar = createCalendar(world.today);
  world.setDay(addDays(world.today, -WRITTEN_DAYS_AGO));
  world.store.transaction(() => {
    seedTeam(world, calendar);
    seedWork(world, calendar);
    seedNewer(world, calendar);
    seedSchedule(world, calendar);
    seedLogged(world, calendar);
  });
  world.setDay(world.today);
}
