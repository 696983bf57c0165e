import { describe, expect, test } from '@jest/globals';
import { ABLE, dialogue, IMPATIENT, isRequest, isResponse, messagesOfCall, open } from './client.js';
import { NEWEST_ONLY, SINCE_2025_06_18 } from './requirement.js';

const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2 },
    email: { type: 'string', format: 'email' },
    age: { type: 'integer', minimum: 18 },
    news: { type: 'boolean', default: false },
    color: { type: 'string', enum: ['red', 'green'] },
    sizes: { type: 'array', items: { type: 'string', enum: ['s', 'm', 'l'] } },
  },
  required: ['name'],
} as const;

const FORM = { message: 'Who are you?', requestedSchema: SCHEMA };
const VISIT = {
  mode: 'url',
  message: 'Please sign in.',
  url: 'https://example.com/connect?elicitationId=e1',
  elicitationId: 'e1',
};
const ACCEPTED = { action: 'accept', content: { name: 'Ada' } };

describe('which modes are used', () => {
  test.each([
    ['nothing at all', {}, []],
    ['elicitation, without a mode', { elicitation: {} }, ['form']],
    ['forms alone', { elicitation: { form: {} } }, ['form']],
    ['URLs alone', { elicitation: { url: {} } }, ['url']],
    ['both', { elicitation: { form: {}, url: {} } }, ['form', 'url']],
  ])(
    'a client that declares %s is asked in no other mode [elicitation.supported-modes]',
    async (_what, capabilities, modes) => {
      const { session } = await open({ capabilities, options: IMPATIENT });
      const asked: string[] = [];
      for (const what of [FORM, VISIT]) {
        const messages = await messagesOfCall(session, 'elicit', { what });
        asked.push(...messages.filter(isRequest).map(({ params }) => params.mode ?? 'form'));
        expect(messages.at(-1)).toMatchObject({ id: 1, result: { isError: true } });
      }
      expect(asked).toEqual(modes);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: a client that cannot be asked, or says no, is not told that a URL is required [elicitation.required-error-only]',
    async (revision) => {
      const unable = await open({ revision });
      const [refused] = await messagesOfCall(unable.session, 'elicit', { what: VISIT });
      expect(refused).toMatchObject({ result: { isError: true } });
      const able = await open({ revision, capabilities: ABLE });
      for (const action of ['decline', 'cancel']) {
        const { messages } = await dialogue(able.session, 'elicit', { what: VISIT }, { action });
        for (const { error } of messages.filter(isResponse)) expect(error?.code).not.toBe(-32042);
      }
    },
  );
});

describe('what is asked', () => {
  test.each(SINCE_2025_06_18)(
    '%s: a form has a message and its schema, of mode "form" or none [elicitation.parameters, elicitation.form-parameters]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      for (const what of [FORM, { ...FORM, mode: 'form' }]) {
        const { asked } = await dialogue(session, 'elicit', { what }, ACCEPTED);
        expect(asked).toMatchObject({ method: 'elicitation/create', params: FORM });
        expect([undefined, 'form']).toContain(asked.params.mode);
      }
    },
  );

  test.each<[string, object]>([
    ['an object within an object', { type: 'object', properties: { a: { type: 'object' } } }],
    ['a list of objects', { type: 'object', properties: { a: { type: 'array', items: { type: 'object' } } } }],
    ['a member of any type', { type: 'object', properties: { a: {} } }],
    ['no object', { type: 'string' }],
    ['no schema', { type: 'object', properties: { a: { type: 'text' } } }],
  ])('a form that is %s is not sent [elicitation.form-parameters]', async (_what, requestedSchema) => {
    const { session } = await open({ capabilities: ABLE, options: IMPATIENT });
    const messages = await messagesOfCall(session, 'elicit', { what: { ...FORM, requestedSchema } });
    expect(messages.filter(isRequest)).toEqual([]);
  });

  test.each(NEWEST_ONLY)(
    '%s: URL mode sends mode, message, url and elicitationId as they are, and nothing of its own [elicitation.parameters, elicitation.url-parameters, elicitation.url-no-user-data, elicitation.url-not-authenticated]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      const { asked } = await dialogue(session, 'elicit', { what: VISIT }, { action: 'accept' });
      expect(asked).toMatchObject({ method: 'elicitation/create', params: VISIT });
      expect(asked.params.url).toBe(VISIT.url);
      expect(Object.keys(asked.params).sort()).toEqual(Object.keys(VISIT).sort());
    },
  );

  test.each(['not a url', '/connect', '', 'example.com', undefined])(
    'the URL %p is not sent as one [elicitation.url-valid]',
    async (url) => {
      const { session } = await open({ capabilities: ABLE, options: IMPATIENT });
      const messages = await messagesOfCall(session, 'elicit', { what: { ...VISIT, url } });
      expect(messages.filter(isRequest)).toEqual([]);
      expect(messages.at(-1)).toMatchObject({ id: 1 });
    },
  );

  test.each(NEWEST_ONLY)('%s: a URL is sent as one [elicitation.url-valid]', async (revision) => {
    const { session } = await open({ revision, capabilities: ABLE });
    const { asked } = await dialogue(session, 'elicit', { what: VISIT }, { action: 'accept' });
    expect(URL.canParse(asked.params.url)).toBe(true);
  });

  test.each<[string, object]>([['a message', { message: undefined }]])(
    'URL mode without %s is not sent [elicitation.parameters, elicitation.url-parameters]',
    async (_what, changed) => {
      const { session } = await open({ capabilities: ABLE, options: IMPATIENT });
      const messages = await messagesOfCall(session, 'elicit', { what: { ...VISIT, ...changed } });
      expect(messages.filter(isRequest)).toEqual([]);
    },
  );
});

describe('what comes back', () => {
  test.each(SINCE_2025_06_18)(
    '%s: what fits the schema is given to the tool [elicitation.validate-content]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      const content = { name: 'Ada', email: 'ada@example.com', age: 36, news: true, color: 'red', sizes: ['s', 'l'] };
      const { result } = await dialogue(session, 'elicit', { what: FORM }, { action: 'accept', content });
      expect(JSON.parse(result.content[0].text)).toEqual({ action: 'accept', content });
    },
  );

  test.each<[string, object]>([
    ['lacks what is required', { action: 'accept', content: {} }],
    ['has no content', { action: 'accept' }],
    ['is of another type', { action: 'accept', content: { name: 5 } }],
    ['is too short', { action: 'accept', content: { name: 'A' } }],
    ['is no address', { action: 'accept', content: { name: 'Ada', email: 'ada' } }],
    ['is none of the choices', { action: 'accept', content: { name: 'Ada', color: 'blue' } }],
    ['has one choice too many', { action: 'accept', content: { name: 'Ada', sizes: ['s', 'xl'] } }],
    ['is of an action that there is not', { action: 'agree', content: { name: 'Ada' } }],
    ['is of no action', { content: { name: 'Ada' } }],
  ])('what %s is not given to the tool [elicitation.validate-content]', async (_what, answer) => {
    for (const revision of SINCE_2025_06_18) {
      const { session } = await open({ revision, capabilities: ABLE });
      const { result } = await dialogue(session, 'elicit', { what: FORM }, answer);
      expect(result.isError).toBe(true);
    }
  });

  test.each(['decline', 'cancel'])(
    '%s is told to the tool without content [elicitation.validate-content]',
    async (action) => {
      for (const revision of SINCE_2025_06_18) {
        const { session } = await open({ revision, capabilities: ABLE });
        const { result } = await dialogue(session, 'elicit', { what: FORM }, { action });
        expect(JSON.parse(result.content[0].text)).toEqual({ action });
      }
    },
  );
});
