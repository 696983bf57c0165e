/** What stands above an allocation, and decides what it counts as. */
import { ALLOCATION_STATUSES, type Phase, type Project, type ProjectTask } from '../../float/resources.js';
import { isBillable } from '../../planning/projects/billable.js';
import type { AllocationStatus } from '../../planning/types.js';

/** By id. */
export interface WorkAbove {
  /** Work is no firmer than its phase and its project. */
  readonly projects: ReadonlyMap<number, AllocationStatus>;
  readonly phases: ReadonlyMap<number, AllocationStatus>;
  /** What is marked as not billable: the default of Float is that it is. */
  readonly nonBillable: {
    readonly projects: ReadonlySet<number>;
    readonly phases: ReadonlySet<number>;
    readonly tasks: ReadonlySet<number>;
  };
}

/** @param tasks where they were not read, they are taken as billable. */
export function workAbove(
  projects: readonly Project[],
  phases: readonly Phase[],
  tasks: readonly ProjectTask[] = [],
): WorkAbove {
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

export const NOTHING_ABOVE: WorkAbove = workAbove([], []);

export interface Place {
  readonly projectId: number;
  readonly phaseId: number | undefined;
  readonly taskId: number | undefined;
}

/** As Float derives it from project, phase and project task. */
export function billableAt({ projectId, phaseId, taskId }: Place, { nonBillable }: WorkAbove): boolean {
  return isBillable({
    projectNonBillable: nonBillable.projects.has(projectId),
    phaseNonBillable: phaseId !== undefined && nonBillable.phases.has(phaseId),
    taskBillable: taskId === undefined || !nonBillable.tasks.has(taskId),
  });
}

/** A status from the future is taken as confirmed: work that is shown can be questioned, work that is hidden cannot. */
export function statusOf(code: number): AllocationStatus {
  const word = (ALLOCATION_STATUSES as Readonly<Record<number, string>>)[code];
  if (word === 'canceled') return 'cancelled';
  return word === 'draft' || word === 'tentative' || word === 'complete' ? word : 'confirmed';
}
