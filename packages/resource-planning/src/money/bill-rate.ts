import type { Decimal } from './decimal.js';

/** The level at which a bill rate is set, in order of precedence: each overrides those after it. */
export type BillRateLevel = 'phase-team' | 'phase' | 'project-team' | 'project' | 'person' | 'role';

/** A bill rate and its level. */
export interface BillRate {
  readonly rate: Decimal;
  readonly level: BillRateLevel;
}

/** A member of the team of a project or phase. */
export interface TeamMember {
  readonly personId: number;
  /** 0 or undefined for the team of the project. */
  readonly phaseId?: number | undefined;
  /** The role on this project, which may differ from the person's own. */
  readonly roleId?: number | undefined;
  readonly rate?: Decimal | undefined;
}

/** All bill rates that apply in one project. */
export interface BillRates {
  readonly team: readonly TeamMember[];
  /** Rates of whole phases, by phase id. */
  readonly phases: ReadonlyMap<number, Decimal>;
  /** A single rate for the whole team. */
  readonly project?: Decimal | undefined;
  readonly people: ReadonlyMap<number, { readonly rate?: Decimal | undefined; readonly roleId?: number | undefined }>;
  readonly roles: ReadonlyMap<number, Decimal>;
}

/** Work to be billed. Unassigned work has no person, so only the rates of phase and project apply. */
export interface BilledWork {
  readonly personId?: number | undefined;
  readonly phaseId?: number | undefined;
}

/**
 * Looks up the rate at which work is billed. Float documents the precedence phase, project, person, role; that a team
 * member's rate precedes the single rate of the phase or project is inferred. Changes of a person's rate do not affect
 * existing projects, because Float copies it into the team. Rate cards are not supported, as their form is undocumented.
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
