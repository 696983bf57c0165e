import { addDays } from '../dates.js';
import type { World } from '../world.js';
import { createCalendar } from './calendar.js';
import { seedLogged } from './seed-logged.js';
import { seedNewer } from './seed-newer.js';
import { seedSchedule } from './seed-schedule.js';
import { seedTeam } from './seed-team.js';
import { seedWork } from './seed-work.js';

/** The seed was "written" that long before today, so that `modified_since` today finds only what a caller changed. */
const WRITTEN_DAYS_AGO = 35;

/** Fills an empty database. Every record goes through the same rules as a request. */
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
