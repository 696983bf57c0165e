/** The addresses of Float's records. Ids are written by us; clients may write a whole name in their place. */
import type { Day } from '../planning/day.js';

export const PEOPLE_URI = 'float://people';
export const PROJECTS_URI = 'float://projects';

export function personUri(person: number | string): string {
  return `${PEOPLE_URI}/${encodeURIComponent(person)}`;
}

export function projectUri(project: number | string): string {
  return `${PROJECTS_URI}/${encodeURIComponent(project)}`;
}

export function personWeekUri(person: number | string, week: string): string {
  return `${personUri(person)}/schedule/${week}`;
}

export function teamWeekUri(week: string): string {
  return `float://schedule/${week}`;
}

export function pageUri(uri: string, page: number): string {
  return page === 1 ? uri : `${uri}?page=${page}`;
}

/** Where a week begins, and where its address does not depend on the day on which it is read. */
export interface Week {
  readonly from: Day;
  readonly to: Day;
  /** ISO 8601, such as `2026-W48`. */
  readonly name: string;
}
