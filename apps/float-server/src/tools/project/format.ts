import type { Allocation } from 'resource-planning';
import * as z from 'zod';
import type { Directory } from '../directory.js';
import { statusOf } from '../plan/parent-status.js';
import { TIME_TRACKING_OFF } from './logged.js';
import type { ProjectRecordsRead, ReadProject } from './read-project.js';

/** Output schema of the status of a project. */
export const STATUS = z.enum(['draft', 'tentative', 'confirmed', 'complete', 'cancelled']);

/** Output schema of the project an answer is about. */
export const PROJECT_HEAD = z.object({
  id: z.number(),
  name: z.string(),
  client: z.string().optional(),
  status: STATUS,
  archived: z.boolean(),
});
/** The project an answer is about. */
export type ProjectHead = z.output<typeof PROJECT_HEAD>;

/** Output schema of the record counts behind an answer about projects. */
export const PROJECT_RECORDS_READ = z.object({
  people: z.number(),
  allocations: z.number(),
  phases: z.number(),
  project_tasks: z.number(),
  milestones: z.number(),
  logged_time: z.number(),
  time_off: z.number(),
  public_holidays: z.number(),
  team_holidays: z.number(),
});

/** Describes a project for the head of an answer. */
export async function headOf({ project }: Pick<ReadProject, 'project'>, names: Directory): Promise<ProjectHead> {
  const client = project.client_id == null ? undefined : await names.nameOf('clients', project.client_id);
  return {
    id: project.project_id,
    name: project.name,
    ...(client === undefined ? {} : { client }),
    status: statusOf(project.status) satisfies Allocation['status'],
    archived: project.active === 0,
  };
}

/** Name, client and status of a project on one line. */
export function headText({ name, client, status, archived }: ProjectHead): string {
  const what = [client, status, archived ? 'archived' : undefined].filter(Boolean).join(', ');
  return `${name} (${what})`;
}

/**
 * The sentence that states how many records an answer is based on.
 *
 * @param filters those of the answer, which state it if time entries could not be read
 */
export function projectReadText(read: ProjectRecordsRead, filters: readonly string[]): string {
  const logged = filters.includes(TIME_TRACKING_OFF) ? '' : ` ${read.logged_time} time entries,`;
  return `Read ${read.allocations} allocations, ${read.people} people, ${read.phases} phases,${logged} ${read.time_off} time-off records.`;
}
