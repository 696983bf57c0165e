/** The upper bound of status, and the billability, that an allocation inherits from its project, phase and task. */
import { ALLOCATION_STATUSES, type Phase, type Project, type ProjectTask } from 'float-api';
import { type AllocationStatus, isBillable } from 'resource-planning';

/** Statuses and billable marks of parents, by id. */
export interface ParentStatus {
  /** An allocation is at most as firm as its phase and its project. */
  readonly projects: ReadonlyMap<number, AllocationStatus>;
  readonly phases: ReadonlyMap<number, AllocationStatus>;
  /** Parents marked as not billable. Float's default is billable. */
  readonly nonBillable: {
    readonly projects: ReadonlySet<number>;
    readonly phases: ReadonlySet<number>;
    readonly tasks: ReadonlySet<number>;
  };
}

/** @param tasks if not read, all tasks count as billable */
export function parentStatus(
  projects: readonly Project[],
  phases: readonly Phase[],
  tasks: readonly ProjectTask[] = [],
): ParentStatus {
  return {
    projects: new Map(projects.map(({ project_id: id, status }) => [id, statusOf(status)])),
    phases: new Map(phases.map(({ phase_id: id, status }) => [id, statusOf(status)])),
    nonBillable: {
      projects: new Set(projects.filter((one) => one.non_billable === 1).map(({ project_id: id }) => id)),
      phases: new Set(phases.filter((one) => one.non_billable === 1).map(({ phase_id: id }) => id)),
      tasks: new Set(tasks.filter(({ billable }) => billable === 0).map(({ task_meta_id: id }) => id)),
    },
  };
}

/** No parents known: every allocation keeps its own status. */
export const NO_PARENTS: ParentStatus = parentStatus([], []);

/** The parents of an allocation. */
export interface WorkParents {
  readonly projectId: number;
  readonly phaseId: number | undefined;
  readonly taskId: number | undefined;
}

/** Derives billability from project, phase and project task as Float does. */
export function inheritedBillable({ projectId, phaseId, taskId }: WorkParents, { nonBillable }: ParentStatus): boolean {
  return isBillable({
    projectNonBillable: nonBillable.projects.has(projectId),
    phaseNonBillable: phaseId !== undefined && nonBillable.phases.has(phaseId),
    taskBillable: taskId === undefined || !nonBillable.tasks.has(taskId),
  });
}

/** Maps a status code. An unknown one counts as confirmed: visible work can be questioned, hidden work cannot. */
export function statusOf(code: number): AllocationStatus {
  const word = (ALLOCATION_STATUSES as Readonly<Record<number, string>>)[code];
  if (word === 'canceled') return 'cancelled';
  return word === 'draft' || word === 'tentative' || word === 'complete' ? word : 'confirmed';
}
