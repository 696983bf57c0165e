/** Bill and cost rates: maps Float's records to the rate tables of `resource-planning`. */
import type { Person, Phase, Project, Role } from 'float-api';
import {
  type BillRate,
  billRateOf,
  type CostSources,
  costRateOn,
  type Day,
  type Decimal,
  moneyOf,
  type RateOf,
  type RateVersion,
  type TeamMember,
  type TimeEntry,
} from 'resource-planning';

/** The people and roles whose rates apply beside those of projects and phases. */
export interface RateRecords {
  /** With contracts, if costs are needed. */
  readonly people: readonly Person[];
  /** With cost rates (`cost_rate_history`), if costs are needed. */
  readonly roles: readonly Role[];
}

/** Start of a rate without a date, which applies at any time. */
const ALWAYS: Day = '1970-01-01';

/** The bill rate of each entry of a project. */
export function billRates(
  { project, phases }: { readonly project: Project; readonly phases: readonly Phase[] },
  { people, roles }: RateRecords,
): (entry: TimeEntry) => BillRate | undefined {
  return billRateOf({
    team: [...teamOf(project.project_team), ...phases.flatMap(phaseTeam)],
    phases: rateTable(phases.map(({ phase_id: id, default_hourly_rate: rate }) => [id, rate])),
    project: moneyOf(project.default_hourly_rate),
    people: new Map(people.map((person) => [person.people_id, ownRate(person)])),
    roles: rateTable(roles.map(({ id, default_hourly_rate: rate }) => [id, rate])),
  });
}

/** The cost rate of each entry; undefined for unassigned work and unknown people. */
export function costRates({ people, roles }: RateRecords): RateOf {
  const sources = new Map(people.map((person) => [person.people_id, costSources(person)]));
  const ofRoles = new Map(roles.map((role) => [role.id, costHistory(role)]));
  return ({ day, personId }) => {
    const person = personId === undefined ? undefined : sources.get(personId);
    return person === undefined ? undefined : costRateOn(day, person, ofRoles);
  };
}

type Row = Readonly<Record<string, unknown>>;

function phaseTeam({ phase_id: phaseId, phase_team: team }: Phase): TeamMember[] {
  return teamOf(team).map((member) => ({ ...member, phaseId }));
}

function teamOf(team: readonly Row[] | null | undefined): TeamMember[] {
  return (team ?? []).map((row) => ({
    personId: Number(row['people_id']),
    phaseId: Number(row['phase_id'] ?? 0) || undefined,
    roleId: idIn(row, 'role_id'),
    rate: moneyIn(row, 'hourly_rate'),
  }));
}

function ownRate({ default_hourly_rate: rate, role_id: roleId }: Person) {
  return { rate: moneyOf(rate), roleId: roleId ?? undefined };
}

function rateTable(rows: readonly (readonly [number, string | null | undefined])[]): Map<number, Decimal> {
  return new Map(
    rows.flatMap(([id, text]) => {
      const rate = moneyOf(text);
      return rate === undefined ? [] : [[id, rate]];
    }),
  );
}

function costSources({ contracts, cost_rate: rate, role_id: roleId }: Person): CostSources {
  return {
    contracts: (contracts ?? []).map((row) => ({
      from: dayIn(row, 'effective_date'),
      roleId: idIn(row, 'role_id'),
      rate: moneyIn(row, 'cost_rate'),
    })),
    rate: moneyOf(rate),
    roleId: roleId ?? undefined,
  };
}

function costHistory({ cost_rate_history: history }: Role): RateVersion[] {
  return (history ?? []).flatMap((row) => {
    const rate = moneyIn(row, 'rate');
    return rate === undefined ? [] : [{ from: dayIn(row, 'effective_date'), rate }];
  });
}

function idIn(row: Row, field: string): number | undefined {
  const id = row[field];
  return typeof id === 'number' ? id : undefined;
}

function moneyIn(row: Row, field: string): Decimal | undefined {
  const value = row[field];
  return typeof value === 'string' || typeof value === 'number' ? moneyOf(value) : undefined;
}

function dayIn(row: Row, field: string): Day {
  const day = row[field];
  return typeof day === 'string' ? day : ALWAYS;
}
