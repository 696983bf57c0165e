import type { Decimal } from './decimal.js';

/** Where a bill rate was set, in the order in which Float asks: a rate overrides all that follow. */
export type BillRateLevel = 'phase-team' | 'phase' | 'project-team' | 'project' | 'person' | 'role';

export interface BillRate {
  readonly rate: Decimal;
  readonly level: BillRateLevel;
}

/** A row of the team of a project, or of one of its phases. */
export interface TeamMember {
  readonly personId: number;
  /** 0 or absent: the team of the project. */
  readonly phaseId?: number | undefined;
  /** The role the person has on this project, which may differ from the usual one. */
  readonly roleId?: number | undefined;
  readonly rate?: Decimal | undefined;
}

/** Everything that can set a bill rate in one project. */
export interface BillRates {
  readonly team: readonly TeamMember[];
  /** The rate of a whole phase, by phase. */
  readonly phases: ReadonlyMap<number, Decimal>;
  /** The single rate of the whole team. */
  readonly project?: Decimal | undefined;
  readonly people: ReadonlyMap<number, { readonly rate?: Decimal | undefined; readonly roleId?: number | undefined }>;
  readonly roles: ReadonlyMap<number, Decimal>;
}

/** Nobody in particular when the work is not assigned; then only the rates of phase and project apply. */
export interface BilledWork {
  readonly personId?: number | undefined;
  readonly phaseId?: number | undefined;
}

/**
 * Which rate an hour is billed at. Float documents phase over project over person over role; that the row of a team goes
 * before the rate of the whole phase or project is our reading. Later changes of a person's rate do not touch existing
 * projects: Float copies it into the team, which the order respects. A rate card is not read, its shape is unknown.
 */
export function billRateOf(rates: BillRates): (work: BilledWork) => BillRate | undefined {
  const rows = new Map(rates.team.map((member) => [teamKey(member.personId, member.phaseId), member]));
  return ({ personId, phaseId }) => {
    const person = personId === undefined ? undefined : rates.people.get(personId);
    const inProject = rows.get(teamKey(personId, undefined));
    const inPhase = phaseId ? rows.get(teamKey(personId, phaseId)) : undefined;
    const roleId = inPhase?.roleId ?? inProject?.roleId ?? person?.roleId;
    return first([
      ['phase-team', inPhase?.rate],
      ['phase', phaseId ? rates.phases.get(phaseId) : undefined],
      ['project-team', inProject?.rate],
      ['project', rates.project],
      ['person', person?.rate],
      ['role', roleId === undefined ? undefined : rates.roles.get(roleId)],
    ]);
  };
}

function first(found: readonly (readonly [BillRateLevel, Decimal | undefined])[]): BillRate | undefined {
  for (const [level, rate] of found) if (rate !== undefined) return { rate, level };
  return undefined;
}

function teamKey(personId: number | undefined, phaseId: number | undefined): string {
  return `${personId ?? ''}/${phaseId || 0}`;
}
