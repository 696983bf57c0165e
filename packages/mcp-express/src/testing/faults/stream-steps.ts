import type { OutgoingEvent, Store, StreamKey } from '../../store/store.js';
import { newKey, uniqueName } from '../suite.js';
import type { FaultStep } from './fault-suite.js';

const ALL = { events: 100, characters: 100_000 };
const ANSWER: OutgoingEvent = { data: 'answer', answer: true, pendingIndex: 0 };
const NEWS: readonly OutgoingEvent[] = [{ data: 'one' }, { data: 'two' }];

interface Seen {
  readonly data: readonly string[];
  readonly ended: boolean;
}

const EMPTY: Seen = { data: [], ended: false };

/** Reads the content of a stream. Rejects when two of its events have one id. */
const seeing =
  (key: StreamKey) =>
  async ({ streams }: Store): Promise<Seen | 'none'> => {
    const page = await streams.read(key, 'start', ALL);
    if (page === undefined) return 'none';
    const ids = new Set(page.events.map(({ id }) => id));
    if (ids.size !== page.events.length) throw new Error(`ids are given twice: ${[...ids].join(', ')}`);
    return { data: page.events.map(({ data }) => data), ended: page.ended };
  };

/** A step on an open stream with one pending response. */
function onStream(
  name: string,
  made: (key: StreamKey) => Omit<FaultStep, 'name' | 'prepare'>,
  said: readonly OutgoingEvent[] = [],
): FaultStep {
  const key = newKey();
  const prepare = async ({ streams }: Store): Promise<void> => {
    await streams.open(key, { node: uniqueName('node'), errors: ['interrupted'] });
    if (said.length > 0) await streams.append(key, said);
  };
  return { name: `streams.${name}`, prepare, see: seeing(key), ...made(key) };
}

/** Steps on streams. */
export function streamSteps(): readonly FaultStep[] {
  return [opening(), ...appending(), ...reading(), ...ending()];
}

function opening(): FaultStep {
  const key = newKey();
  return {
    name: 'streams.open',
    run: ({ streams }) => streams.open(key),
    gives: [undefined],
    see: seeing(key),
    before: 'none',
    after: EMPTY,
  };
}

function appending(): readonly FaultStep[] {
  return [
    onStream('append, of a pending response', (key) => ({
      run: ({ streams }) => streams.append(key, [ANSWER], true),
      gives: ['stored'],
      before: EMPTY,
      after: { data: ['answer'], ended: true },
    })),
    onStream('append, of notifications', (key) => ({
      run: ({ streams }) => streams.append(key, NEWS),
      gives: ['stored'],
      before: EMPTY,
      after: { data: ['one', 'two'], ended: false },
      twice: { data: ['one', 'two', 'one', 'two'], ended: false },
    })),
    onStream('settle', (key) => ({
      run: ({ streams }) => streams.settle(key),
      gives: [undefined],
      before: EMPTY,
      after: { data: ['interrupted'], ended: true },
    })),
  ];
}

function reading(): readonly FaultStep[] {
  const there = { data: ['one', 'two'], ended: false };
  return [
    onStream('read', (key) => ({ run: seeing(key), gives: [there], before: there, after: there }), NEWS),
    onStream(
      'delivered',
      (key) => ({
        run: async ({ streams }) => {
          const page = await streams.read(key, 'start', ALL);
          await streams.delivered(key, page?.events.at(-1)?.id ?? '');
        },
        gives: [undefined],
        see: async ({ streams }) => (await streams.read(key, 'undelivered', ALL))?.events.length,
        before: 2,
        after: 0,
      }),
      NEWS,
    ),
  ];
}

function ending(): readonly FaultStep[] {
  return [
    onStream('end', (key) => ({
      run: ({ streams }) => streams.end(key),
      gives: [undefined],
      before: EMPTY,
      after: { data: [], ended: true },
    })),
    onStream('drop', (key) => ({
      run: ({ streams }) => streams.drop(key.session),
      gives: [undefined],
      before: EMPTY,
      after: 'none',
    })),
  ];
}
