/** GET /reports/people and /reports/projects: computed on each request, never stored. */

import type { Request, Router } from 'express';
import { REPORT_KEYS, type ReportKey, reportOf } from 'float-api';
import type { DayRange } from 'resource-planning';
import { daysFrom, isDay } from 'resource-planning';
import { type ApiResponse, invalid } from '../api-error.js';
import { pagingOf } from '../model/listing.js';
import { problem } from '../model/validate.js';
import { peopleReport } from '../reports/people-report.js';
import { projectReport } from '../reports/project-report.js';
import type { RequestQuery } from '../rules/rules.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import { paginationHeaders, queryOf, requestHandler } from './handlers.js';

const REPORTS: Readonly<
  Record<ReportKey, { readonly of: string; run(world: World, range: DayRange, id: number | undefined): Row[] }>
> = {
  people: { of: 'people_id', run: peopleReport },
  projects: { of: 'project_id', run: projectReport },
};

/** Limit of a range, since every day of every person is evaluated. */
const MAX_DAYS = 3_660;

/** Adds the routes of the reports. */
export function mountReports(router: Router, world: World): void {
  for (const key of REPORT_KEYS) {
    const serve = (request: Request): ApiResponse => {
      const query = queryOf(request);
      const wanted = query[REPORTS[key].of];
      const rows = REPORTS[key].run(world, rangeOf(query), wanted === undefined ? undefined : Number(wanted));
      // Observed are `{ people: [...] }` and `{ projects: [...] }` without pages.
      if (!world.settings.forms.includes('bare-reports')) return { status: 200, body: { [key]: rows } };
      const paging = pagingOf(rows.length, query);
      const first = (paging.page - 1) * paging.perPage;
      return { status: 200, headers: paginationHeaders(paging), body: rows.slice(first, first + paging.perPage) };
    };
    router.get(reportOf(key).path, requestHandler(world, reportOf(key), serve));
  }
}

function rangeOf({ start_date: from, end_date: to }: RequestQuery): DayRange {
  const missing = [
    ...(from === undefined || !isDay(from) ? ['start_date'] : []),
    ...(to === undefined || !isDay(to) ? ['end_date'] : []),
  ];
  if (missing.length > 0 || from === undefined || to === undefined) {
    throw invalid(missing.map((name) => problem(name, 'must be a date in the format YYYY-MM-DD.')));
  }
  if (to < from) throw invalid([problem('end_date', 'must not be before the start date.')]);
  if (daysFrom(from, to) > MAX_DAYS) throw invalid([problem('end_date', 'is too far from the start date.')]);
  return { from, to };
}
