import { randomUUID } from 'node:crypto';
import type {
  ElicitParams,
  ElicitResult,
  ElicitUrlParams,
  Root,
  SampleParams,
  SampleResult,
} from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import { firstIssue } from '../registry/content.js';
import { blocksWithoutNulls } from '../registry/optional-members.js';
import { type CompiledSchema, issuesText } from '../schema/compiled-schema.js';
import type { SchemaSource } from '../schema/schema.js';
import { assertClientRequest } from './client-request-params.js';
import { rootIssue, samplingIssue } from './client-responses.js';
import { assertAskOptions } from './context-arguments.js';
import { type ElicitFormRequest, formParams } from './forms.js';
import type { ClientRequest, RunningCall } from './running-call.js';

type ElicitRequest = ElicitParams | ElicitFormRequest<SchemaSource>;

/** Options of a client request, apart from its params. */
export type ClientRequestOptions = Pick<ClientRequest, 'timeoutMs' | 'key'>;

/**
 * Sends `elicitation/create`, for a form or a web page.
 * @throws McpError `client-answer-invalid` when the result is malformed or the input does not match the schema
 * @throws ConfigurationError for an invalid request
 */
export async function elicit(
  scope: RunningCall,
  request: ElicitRequest,
  manner: ClientRequestOptions = {},
): Promise<ElicitResult> {
  assertAskOptions(manner, 'ctx.elicit');
  if (isObject(request) && request.mode === 'url') {
    const answer = await scope.requestClient({ ...manner, method: 'elicitation/create', params: urlParams(request) });
    return readElicitResult(answer, undefined);
  }
  const { params, schema } = formParams(request as ElicitFormRequest<SchemaSource>);
  const answer = await scope.requestClient({ ...manner, method: 'elicitation/create', params });
  return readElicitResult(answer, schema);
}

function urlParams({ mode, message, url, elicitationId = randomUUID() }: ElicitUrlParams): Params {
  const params = { mode, message, url, elicitationId };
  assertClientRequest('elicitation/create', params);
  return params;
}

async function readElicitResult(answer: Params, schema: CompiledSchema | undefined): Promise<ElicitResult> {
  const { action, content } = answer;
  if (action !== 'accept' && action !== 'decline' && action !== 'cancel') throw invalid('"action"');
  if (action !== 'accept' || schema === undefined) return answer as unknown as ElicitResult;
  const checked = await schema.check(content ?? {});
  if ('value' in checked) return { ...answer, action, content: checked.value as NonNullable<ElicitResult['content']> };
  throw invalid(issuesText(checked));
}

/**
 * Sends `sampling/createMessage`.
 * @throws McpError `client-answer-invalid` for a malformed result
 * @throws ConfigurationError for invalid params
 */
export async function sample(
  scope: RunningCall,
  params: SampleParams,
  manner: ClientRequestOptions = {},
): Promise<SampleResult> {
  assertAskOptions(manner, 'ctx.sample');
  assertClientRequest('sampling/createMessage', { ...params });
  const answer = await scope.requestClient({ ...manner, method: 'sampling/createMessage', params: { ...params } });
  const { content } = answer;
  const blocks = blocksWithoutNulls([content].flat());
  const said = { ...answer, content: Array.isArray(content) ? blocks : blocks[0] };
  const fault = samplingIssue(said);
  if (fault !== undefined) throw invalid(fault);
  return said as unknown as SampleResult;
}

/**
 * Sends `roots/list`.
 * @throws McpError `client-answer-invalid` for a malformed result
 */
export async function roots(scope: RunningCall, manner: ClientRequestOptions = {}): Promise<Root[]> {
  assertAskOptions(manner, 'ctx.roots');
  const answer = await scope.requestClient({ ...manner, method: 'roots/list', params: {} });
  const list = answer['roots'];
  if (!Array.isArray(list)) throw invalid('"roots"');
  const given = blocksWithoutNulls(list as readonly unknown[]);
  const fault = firstIssue(given, rootIssue);
  if (fault !== undefined) throw invalid(fault);
  return given as Root[];
}

function invalid(what: string): McpError {
  return new McpError('client-answer-invalid', `The client's answer is not valid: ${what}`);
}
