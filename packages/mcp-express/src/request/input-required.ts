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
import { assertClientRequest } from './client-request-params.js';
import { type ElicitFormRequest, formParams } from './forms.js';

/** Builds the return value of a handler that needs input. `ctx.elicit` and similar methods do the same in one line. */
interface InputRequiredBuilder {
  /** @throws ConfigurationError when there is neither a client request nor a state */
  (spec: Omit<InputRequired, 'resultType'>): InputRequired;
  /**
   * A request for a form.
   * @throws ConfigurationError when the schema cannot be a form
   */
  elicit<S extends SchemaSource>(form: ElicitFormRequest<S>): InputRequest;
  /** A request to visit a web page. */
  elicitUrl(page: Omit<ElicitUrlParams, 'mode'>): InputRequest;
  /** A request for a completion by the client's model. */
  createMessage(params: SampleParams): InputRequest;
  /** A request for the client's roots. */
  listRoots(): InputRequest;
}

function build(spec: Omit<InputRequired, 'resultType'>): InputRequired {
  assertKnown(spec, ['inputRequests', 'requestState'], 'inputRequired');
  const { inputRequests, requestState } = spec;
  if (Object.keys(inputRequests ?? {}).length === 0 && requestState === undefined) {
    throw new ConfigurationError('inputRequired needs at least one request in "inputRequests", or a "requestState"');
  }
  return {
    resultType: 'input_required',
    ...(inputRequests === undefined ? {} : { inputRequests }),
    ...(requestState === undefined ? {} : { requestState }),
  };
}

/**
 * Builds the return value of a handler that needs input: `inputRequired({ inputRequests: { name:
 * inputRequired.elicit(form) } })`.
 */
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
  assertClientRequest(method, params);
  return params;
}

/** Whether a handler returned `inputRequired`. */
export function isInputRequired(value: unknown): value is InputRequired {
  return isObject(value) && value['resultType'] === 'input_required';
}

/**
 * The user's input, if the request with this key was answered and accepted. With a schema the input is validated, and
 * `undefined` is returned if it does not match.
 * @throws ConfigurationError when the schema validates asynchronously
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
  if (checked instanceof Promise)
    throw new ConfigurationError('acceptedContent needs a schema that validates synchronously');
  return 'value' in checked ? (checked.value as T) : undefined;
}
