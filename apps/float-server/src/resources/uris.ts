/** URIs of the resources. The server writes ids; clients may use a whole name instead. */
import type { Day } from 'resource-planning';

/** URI of the list of people. */
export const PEOPLE_URI = 'float://people';
/** URI of the list of projects. */
export const PROJECTS_URI = 'float://projects';

/** URI of a person. */
export function personUri(person: number | string): string {
  return `${PEOPLE_URI}/${encodeURIComponent(person)}`;
}

/** URI of a project. */
export function projectUri(project: number | string): string {
  return `${PROJECTS_URI}/${encodeURIComponent(project)}`;
}

/** URI of a person's week. */
export function personWeekUri(person: number | string, week: string): string {
  return `${personUri(person)}/schedule/${week}`;
}

/** URI of the team's week. */
export function teamWeekUri(week: string): string {
  return `float://schedule/${week}`;
}

/** URI of a page of a list. */
export function pageUri(uri: string, page: number): string {
  return page === 1 ? uri : `${uri}?page=${page}`;
}

/** A week and its name, which does not depend on the current day. */
export interface Week {
  readonly from: Day;
  readonly to: Day;
  /** ISO 8601, such as `2026-W48`. */
  readonly name: string;
}
