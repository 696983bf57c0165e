/** GET /reports/people and /reports/projects: worked out at each call, never stored. */
import type { Request, Router } from 'express';
import { REPORT_KEYS, type ReportKey, reportOf } from '../../float/reports.js';
import type { DayRange } from '../../planning/day.js';
import { daysBetween, isDate } from '../dates.js';
import { pagingOf } from '../model/listing.js';
import { problem } from '../model/validate.js';
import { type Answer, invalid } from '../refusal.js';
import { peopleReport } from '../reports/people-report.js';
import { projectReport } from '../reports/project-report.js';
import type { AskedQuery } from '../rules/rules.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import { answeringWith, paginationHeaders, queryOf } from './answering.js';

const REPORTS: Readonly<
  Record<ReportKey, { readonly of: string; run(world: World, range: DayRange, id: number | undefined): Row[] }>
> = {
  people: { of: 'people_id', run: peopleReport },
  projects: { of: 'project_id', run: projectReport },
};

/** Every day of everybody is looked at. */
const MAX_DAYS = 3_660;

export function mountReports(router: Router, world: World): void {
  for (const key of REPORT_KEYS) {
    const serve = (request: Request): Answer => {
      const query = queryOf(request);
      const wanted = query[REPORTS[key].of];
      const rows = REPORTS[key].run(world, rangeOf(query), wanted === undefined ? undefined : Number(wanted));
      // Attested are `{ people: [...] }` and `{ projects: [...] }`, whole.
      if (!world.settings.forms.includes('bare-reports')) return { status: 200, body: { [key]: rows } };
      const paging = pagingOf(rows.length, query);
      const first = (paging.page - 1) * paging.perPage;
      return { status: 200, headers: paginationHeaders(paging), body: rows.slice(first, first + paging.perPage) };
    };
    router.get(reportOf(key).path, answeringWith(world, reportOf(key), serve));
  }
}

function rangeOf({ start_date: from, end_date: to }: AskedQuery): DayRange {
  const missing = [
    ...(from === undefined || !isDate(from) ? ['start_date'] : []),
    ...(to === undefined || !isDate(to) ? ['end_date'] : []),
  ];
  if (missing.length > 0 || from === undefined || to === undefined) {
    throw invalid(missing.map((name) => problem(name, 'must be a date in the format YYYY-MM-DD.')));
  }
  if (to < from) throw invalid([problem('end_date', 'must not be before the start date.')]);
  if (daysBetween(from, to) > MAX_DAYS) throw invalid([problem('end_date', 'is too far from the start date.')]);
  return { from, to };
}
