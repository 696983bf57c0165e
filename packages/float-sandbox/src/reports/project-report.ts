import type { DayRange } from 'resource-planning';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import { groupedBy, hourSums, loggedIn, only, sum, workedDays } from './hours.js';
import { storedPlan } from './plan.js';
import { billRates } from './rates.js';

/** Budget priority under which work outside all phases is not billable. */
const ON_PHASES = 1;

/** One row per active project, and per archived project with hours in the range. */
export function projectReport(world: World, range: DayRange, projectId: number | undefined): Row[] {
  const work = groupedBy(workedDays(storedPlan(world, range), range), ({ booking }) =>
    Number(booking.row['project_id']),
  );
  const logged = groupedBy(loggedIn(world, range), (row) => Number(row['project_id']));
  const rateOf = billRates(world);
  return world.store
    .select('projects', { where: only('project_id', projectId) })
    .filter((project) => project['active'] === 1 || projectId !== undefined || hasHours(project, work, logged))
    .map((project) => {
      const id = Number(project['project_id']);
      const onPhases = project['budget_priority'] === ON_PHASES;
      const isBillable = (row: Row) => row['billable'] === 1 && !(onPhases && row['phase_id'] === 0);
      const planned = work.get(id) ?? [];
      const entries = logged.get(id) ?? [];
      const firm = planned.filter(({ tentative, booking }) => !tentative && isBillable(booking.row));
      const fees = firm.map(({ hours, person, booking }) => hours * rateOf({ person, project, row: booking.row }));
      const earned = entries
        .filter(isBillable)
        .map((row) => Number(row['hours']) * rateOf({ person: Number(row['people_id']), project, row }));
      return {
        project_id: id,
        name: project['name'],
        ...hourSums(planned, entries, isBillable),
        scheduled_fee: sum(fees).toFixed(2),
        logged_fee: sum(earned).toFixed(2),
      };
    });
}

type ByProject = ReadonlyMap<number, unknown>;

function hasHours(project: Row, ...hours: readonly ByProject[]): boolean {
  return hours.some((one) => one.has(Number(project['project_id'])));
}
