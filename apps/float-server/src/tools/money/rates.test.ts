import { describe, expect, test } from '@jest/globals';
import type { Person, Phase, Project, Role } from 'float-api';
import { type TimeEntry, textOf } from 'resource-planning';
import { billRates, costRates } from './rates.js';

const entry = (more: Partial<TimeEntry> = {}): TimeEntry => ({
  day: '2026-11-23',
  personId: 1,
  projectId: 9,
  hours: 1,
  billable: true,
  ...more,
});
const person = (more: object) => ({ people_id: 1, name: 'Ann', ...more }) as unknown as Person;
const role = (more: object) => ({ id: 7, name: 'Designer', ...more }) as unknown as Role;

describe('bill rates, from the most particular level that sets one', () => {
  const levels = [
    ['phase-team', 60],
    ['phase', 50],
    ['project-team', 40],
    ['project', 30],
    ['person', 20],
    ['role', 10],
  ] as const;

  function rateWithout(unset: readonly string[]) {
    const rate = (level: string, amount: string) => (unset.includes(level) ? null : amount);
    const member = (hourly_rate: string | null) => ({ people_id: 1, role_id: 7, phase_id: 0, hourly_rate });
    const phase = {
      phase_id: 5,
      default_hourly_rate: rate('phase', '50.00'),
      phase_team: [member(rate('phase-team', '60.00'))],
    };
    const project = {
      default_hourly_rate: rate('project', '30.00'),
      project_team: [member(rate('project-team', '40.00'))],
    };
    const records = { project: project as unknown as Project, phases: [phase as unknown as Phase] };
    return billRates(records, {
      people: [person({ default_hourly_rate: rate('person', '20.00'), role_id: 7 })],
      roles: [role({ default_hourly_rate: rate('role', '10.00') })],
    });
  }

  test.each(levels.map((row, index) => [...row, levels.slice(0, index).map(([level]) => level)] as const))(
    '%s',
    (level, amount, unset) => {
      const found = rateWithout(unset)(entry({ phaseId: 5 }));
      expect([found?.level, found && textOf(found.rate)]).toEqual([level, String(amount)]);
    },
  );

  test('a row of the team may be of one phase only', () => {
    const row = { people_id: 1, role_id: 7, phase_id: 5, hourly_rate: '80.00' };
    const project = { project_team: [row] } as unknown as Project;
    const rateOf = billRates({ project, phases: [] }, { people: [], roles: [] });
    expect([rateOf(entry({ phaseId: 5 }))?.level, rateOf(entry())]).toEqual(['phase-team', undefined]);
  });

  test('without rates undefined; rates of a phase do not apply outside it; unassigned work has the rate of the project', () => {
    expect(rateWithout(levels.map(([level]) => level))(entry({ phaseId: 5 }))).toBeUndefined();
    expect(rateWithout([])(entry())?.level).toBe('project-team');
    expect(rateWithout([])(entry({ personId: undefined, phaseId: 5 }))?.level).toBe('phase');
    expect(rateWithout([])(entry({ personId: undefined }))?.level).toBe('project');
    expect(rateWithout(['project'])(entry({ personId: undefined }))).toBeUndefined();
  });
});

describe('cost rates', () => {
  const contracts = [
    { effective_date: '2026-07-01', role_id: 7, cost_rate: '55.00', cost_rate_from: 'person' },
    { effective_date: null, role_id: 7, cost_rate: '50.00', cost_rate_from: 'person' },
  ];
  const history = [
    { rate: '33.00', effective_date: null },
    { rate: '44.00', effective_date: '2026-07-01' },
  ];
  const costOn = (who: object, day: string, roles: readonly Role[] = [role({ cost_rate_history: history })]) => {
    const rate = costRates({ people: [person(who)], roles })(entry({ day }));
    return rate && textOf(rate);
  };

  test.each([
    ['the contract in force', { contracts, cost_rate: '55.00', role_id: 7 }, '2026-06-30', '50'],
    ['the contract from its first day on', { contracts, cost_rate: '55.00', role_id: 7 }, '2026-07-01', '55'],
    ['the rate of the person, where there are no contracts', { cost_rate: '12.50', role_id: 7 }, '2026-01-01', '12.5'],
    ['a rate of 0, which is a rate', { cost_rate: '0.00', role_id: 7 }, '2026-01-01', '0'],
    ['the rate that the role had', { role_id: 7 }, '2026-06-30', '33'],
    ['the rate that the role has', { role_id: 7 }, '2026-07-01', '44'],
    ['nothing, where nothing is set', {}, '2026-07-01', undefined],
  ])('%s', (_name, who, day, expected) => {
    expect(costOn(who, day)).toBe(expected);
  });

  test('unassigned work and unknown people have none', () => {
    const rateOf = costRates({ people: [person({ cost_rate: '10.00' })], roles: [] });
    expect([rateOf(entry({ personId: undefined })), rateOf(entry({ personId: 99 }))]).toEqual([undefined, undefined]);
  });
});
