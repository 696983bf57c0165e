/** On the seeded agency, in which Good Friday 2027-03-26 and Easter Monday 2027-03-29 are holidays of two regions. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kit, openKit, TODAY } from '../tools/testing/kit.js';
import { personWeekResource, teamWeekResource } from './schedule.js';
import type { View } from './view.js';

const EASTER = { start_date: '2027-03-26', end_date: '2027-03-29' };
const WEEK_AFTER = '2027-W13';

let kit: Kit;
let view: View;
beforeAll(async () => {
  kit = await openKit({ seed: true });
  view = { api: kit.api, today: TODAY };
});
afterAll(() => kit.close());

test('work on holidays that begin before the week is known to be there on purpose', async () => {
  const off = await kit.api.listAll('public-holidays', { start_date: '2027-03-29', end_date: '2027-03-29' });
  const people = await kit.api.listAll('people', { active: 1 });
  const onCall = people.find((one) => !one.end_date && off.some(({ region }) => region === one.region_id))!;
  const [project] = await kit.api.listAll('projects', { active: 1 });
  const before = await scheduledHours(onCall.people_id);
  await kit.add('allocations', {
    people_id: onCall.people_id,
    project_id: project!.project_id,
    ...EASTER,
    hours: 2.25,
    status: 2,
  });
  const after = await scheduledHours(onCall.people_id);
  expect(after.map((hours, index) => hours - before[index]!)).toEqual([2.25, 2.25]);
  const week = (await personWeekResource.body({ person: String(onCall.people_id), week: WEEK_AFTER }, view)) as {
    days: { day: string; work?: { hours: number }[] }[];
  };
  const days = week.days.filter(({ work }) => work?.some(({ hours }) => hours === 2.25)).map(({ day }) => day);
  expect(days).toEqual(['2027-03-29']);
});

/** The hours in the person's week and in the team's week. */
async function scheduledHours(id: number): Promise<number[]> {
  const own = (await personWeekResource.body({ person: String(id), week: WEEK_AFTER }, view)) as Row;
  const team = (await teamWeekResource.body({ week: WEEK_AFTER }, view)) as { people: Row[] };
  return [own, team.people.find((row) => row.id === id)!].map(({ scheduled_hours: hours }) => hours);
}

interface Row {
  readonly id: number;
  readonly scheduled_hours: number;
}
