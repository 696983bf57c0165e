import type { StandardSchemaV1 } from '@standard-schema/spec';
import type {
  ElicitUrlParams,
  InputRequest,
  InputRequired,
  InputResponses,
  SampleParams,
} from '../protocol/client-requests.js';
import { assertKnown, ConfigurationError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import { boundedCheck } from '../schema/bounded-check.js';
import { checkedOf, type SchemaSource } from '../schema/schema.js';
import { type ElicitFormRequest, formParams } from './forms.js';
import { assertQuestion } from './questions-of-handlers.js';

/** Builds what a handler returns when it must know more first. `ctx.elicit` and its like do the same in one line. */
interface InputRequiredBuilder {
  /** @throws ConfigurationError when there is neither a question nor a state. */
  (spec: Omit<InputRequired, 'resultType'>): InputRequired;
  /** The question for a form. @throws ConfigurationError when the schema is no form. */
  elicit<S extends SchemaSource>(form: ElicitFormRequest<S>): InputRequest;
  /** The question for a visit to a web page. */
  elicitUrl(page: Omit<ElicitUrlParams, 'mode'>): InputRequest;
  /** The question for a completion by the client's model. */
  createMessage(params: SampleParams): InputRequest;
  /** The question for the client's roots. */
  listRoots(): InputRequest;
}

function build(spec: Omit<InputRequired, 'resultType'>): InputRequired {
  assertKnown(spec, ['inputRequests', 'requestState'], 'inputRequired');
  const { inputRequests, requestState } = spec;
  if (Object.keys(inputRequests ?? {}).length === 0 && requestState === undefined) {
    throw new ConfigurationError('inputRequired needs at least one question in "inputRequests", or a "requestState"');
  }
  return {
    resultType: 'input_required',
    ...(inputRequests === undefined ? {} : { inputRequests }),
    ...(requestState === undefined ? {} : { requestState }),
  };
}

export const inputRequired: InputRequiredBuilder = Object.assign(build, {
  elicit: (form: ElicitFormRequest<SchemaSource>): InputRequest => ({
    method: 'elicitation/create',
    params: formParams(form).params,
  }),
  elicitUrl: (page: Omit<ElicitUrlParams, 'mode'>): InputRequest => ({
    method: 'elicitation/create',
    params: asked('elicitation/create', { mode: 'url', ...page }),
  }),
  createMessage: (params: SampleParams): InputRequest => ({
    method: 'sampling/createMessage',
    params: asked('sampling/createMessage', { ...params }),
  }),
  listRoots: (): InputRequest => ({ method: 'roots/list' }),
});

function asked(method: string, params: Params): Params {
  assertQuestion(method, params);
  return params;
}

export function isInputRequired(value: unknown): value is InputRequired {
  return isObject(value) && value['resultType'] === 'input_required';
}

/**
 * What the user filled in, if the question with this key was answered and accepted; else `undefined`. With a schema it is
 * checked, and `undefined` when it does not fit.
 *
 * @throws ConfigurationError when the schema can only be checked later.
 */
export function acceptedContent<T = Record<string, unknown>>(
  responses: InputResponses | undefined,
  key: string,
  schema?: StandardSchemaV1<unknown, T>,
): T | undefined {
  const response = responses !== undefined && Object.hasOwn(responses, key) ? responses[key] : undefined;
  if (response?.['action'] !== 'accept' || !isObject(response['content'])) return undefined;
  if (schema === undefined) return response['content'] as T;
  const checked = boundedCheck(response['content'], (content) => {
    const result = schema['~standard'].validate(content);
    return result instanceof Promise ? result.then(checkedOf) : checkedOf(result);
  });
  if (checked instanceof Promise) throw new ConfigurationError('acceptedContent needs a schema that checks at once');
  return 'value' in checked ? (checked.value as T) : undefined;
}
