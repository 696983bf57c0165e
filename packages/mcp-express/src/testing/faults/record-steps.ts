import type { Store, TaskRecord } from '../../store/store.js';
import { newRecord, uniqueName } from '../suite.js';
import { newTask } from '../task-helpers.js';
import type { FaultStep } from './fault-suite.js';

const MINUTE_MS = 60_000;
const ROOMY = { total: 1_000, perOwner: 1_000 };
const SUBSCRIPTIONS = { count: 100, bytes: 100_000 };

const soon = (): number => Date.now() + MINUTE_MS;

/** Steps on subscriptions, versions, tasks, leases, claims and values. */
export function recordSteps(): readonly FaultStep[] {
  return [...subscribing(), ...marking(), ...versioning(), ...tasks(), ...leasing(), ...agreeing()];
}

/** A session, a resource, and helpers to subscribe the one to the other. */
function subscriber(name: string) {
  const record = newRecord();
  const [session, uri] = [record.id, `note://${uniqueName('note')}`];
  const open = (store: Store) => store.sessions.create(record, soon(), ROOMY);
  const add = async (store: Store): Promise<void> => {
    await open(store);
    await store.subscriptions.add(session, { uri, key: uri }, SUBSCRIPTIONS);
  };
  const isSubscribed = async ({ subscriptions }: Store) => (await subscriptions.mark(uri)).includes(session);
  return { name: `subscriptions.${name}`, session, uri, open, add, isSubscribed };
}

function subscribing(): readonly FaultStep[] {
  const [adding, removing] = [subscriber('add'), subscriber('remove')];
  const { session, uri } = adding;
  return [
    {
      name: adding.name,
      prepare: adding.open,
      run: ({ subscriptions }) => subscriptions.add(session, { uri, key: uri }, SUBSCRIPTIONS),
      gives: ['subscribed'],
      see: adding.isSubscribed,
      before: false,
      after: true,
    },
    {
      name: removing.name,
      prepare: removing.add,
      run: ({ subscriptions }) => subscriptions.remove(removing.session, removing.uri),
      gives: [undefined],
      see: removing.isSubscribed,
      before: true,
      after: false,
    },
  ];
}

function marking(): readonly FaultStep[] {
  const [marked, taken] = [subscriber('mark'), subscriber('take')];
  const mark = ({ subscriptions }: Store) => subscriptions.mark(marked.uri);
  return [
    {
      name: marked.name,
      prepare: marked.add,
      run: mark,
      gives: [[marked.session]],
      see: async (store) => {
        const found = await store.subscriptions.take(marked.session);
        // `take` removes the mark that it returns.
        if (found.length > 0) await mark(store);
        return found;
      },
      before: [],
      after: [marked.uri],
    },
    {
      name: taken.name,
      prepare: async (store) => {
        await taken.add(store);
        await store.subscriptions.mark(taken.uri);
      },
      run: ({ subscriptions }) => subscriptions.take(taken.session),
      gives: [[taken.uri]],
      givesAgain: [[]],
    },
  ];
}

function versioning(): readonly FaultStep[] {
  const name = uniqueName('version');
  const read = async ({ versions }: Store) => (await versions.read([name]))[0];
  const known = uniqueName('version');
  return [
    {
      name: 'versions.bump',
      run: ({ versions }) => versions.bump(name),
      gives: [undefined],
      see: read,
      before: 0,
      after: 1,
      twice: 2,
    },
    {
      name: 'versions.read',
      prepare: ({ versions }) => versions.bump(known),
      run: ({ versions }) => versions.read([known]),
      gives: [[1]],
    },
  ];
}

function tasks(): readonly FaultStep[] {
  const onTask = (name: string, made: (task: TaskRecord) => Omit<FaultStep, 'name' | 'prepare'>): FaultStep => {
    const task = newTask();
    return { name: `tasks.${name}`, prepare: (store) => store.tasks.create(task, ROOMY), ...made(task) };
  };
  const statusOf =
    ({ id, owner }: TaskRecord) =>
    async (store: Store) =>
      (await store.tasks.read(id, owner))?.status ?? 'none';
  const fresh = newTask();
  return [
    {
      name: 'tasks.create',
      run: (store) => store.tasks.create(fresh, ROOMY),
      gives: [true],
      givesAgain: [false],
      see: statusOf(fresh),
      before: 'none',
      after: 'working',
    },
    onTask('read', (task) => ({ run: (store) => store.tasks.read(task.id, task.owner), gives: [task] })),
    onTask('update', (task) => ({
      run: (store) => store.tasks.update(task.id, { status: 'completed', updatedAt: task.updatedAt }),
      gives: [true],
      givesAgain: [false],
      see: statusOf(task),
      before: 'working',
      after: 'completed',
    })),
    onTask('delete', (task) => ({
      run: (store) => store.tasks.delete(task.id, task.owner),
      gives: [undefined],
      see: statusOf(task),
      before: 'working',
      after: 'none',
    })),
    onTask('count', () => ({ run: async (store) => (await store.tasks.count()) > 0, gives: [true] })),
  ];
}

function leasing(): readonly FaultStep[] {
  const [held, released, known, missed, claimed] = ['a', 'b', 'c', 'd', 'e'].map(uniqueName) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const isHeld = (node: string) => (store: Store) => store.leases.isHeld(node);
  const hold = (node: string) => (store: Store) => store.leases.hold(node, soon());
  return [
    { name: 'leases.hold', run: hold(held), gives: [undefined], see: isHeld(held), before: false, after: true },
    { name: 'leases.isHeld', prepare: hold(known), run: isHeld(known), gives: [true] },
    {
      name: 'leases.missedFor',
      prepare: hold(missed),
      // A node that is alive: 0, or the time left on its lease as a negative number.
      run: async (store) => (await store.leases.missedFor(missed)) <= 0,
      gives: [true],
    },
    {
      name: 'leases.release',
      prepare: hold(released),
      run: (store) => store.leases.release(released),
      gives: [undefined],
      see: isHeld(released),
      before: true,
      after: false,
    },
    {
      name: 'claims.claim',
      run: (store) => store.claims.claim(claimed, soon()),
      gives: [true],
      givesAgain: [false],
    },
  ];
}

function agreeing(): readonly FaultStep[] {
  const name = uniqueName('value');
  return [{ name: 'values.agree', run: ({ values }) => values.agree(name, 'ours'), gives: ['ours'] }];
}
