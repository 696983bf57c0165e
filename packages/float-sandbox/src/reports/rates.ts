/** Bill rates: the most specific one that is set. */
import { membersOf } from '../rules/project-team.js';
import { idAt } from '../rules/rules.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';

/** An hour to be billed. */
export interface RatedHour {
  readonly person: number;
  readonly project: Row;
  /** The allocation or time entry. */
  readonly row: Row;
}

/** Looks up rates in the order team, phase, project, rate card, person, role. Without any rate the hour costs 0. */
export function billRates(world: World): (hour: RatedHour) => number {
  const people = new Map(world.store.select('people').map((row) => [Number(row['people_id']), row]));
  const phases = new Map(world.store.select('phases').map((row) => [Number(row['phase_id']), row]));
  const roles = new Map(world.store.select('roles').map((row) => [Number(row['id']), row]));
  const cards = new Map(world.store.select('rate-cards').map((row) => [Number(row['rate_card_id']), row]));
  return ({ person, project, row }) => {
    const member = membersOf(project['project_team']).find(({ people_id }) => people_id === person);
    const roleId = member?.role_id ?? idAt(people.get(person) ?? {}, 'role_id');
    const rates = [
      member?.hourly_rate,
      phases.get(Number(row['phase_id']))?.['default_hourly_rate'],
      project['default_hourly_rate'],
      cardRate(cards.get(Number(project['rate_card_id'])), roleId),
      people.get(person)?.['default_hourly_rate'],
      roles.get(Number(roleId))?.['default_hourly_rate'],
    ];
    return Number(rates.find((rate) => rate !== undefined && rate !== null) ?? 0);
  };
}

function cardRate(card: Row | undefined, roleId: number | undefined): unknown {
  const rates = Array.isArray(card?.['rates']) ? card['rates'] : [];
  return rates.find((rate) => rate.role_id === roleId)?.hourly_rate;
}
