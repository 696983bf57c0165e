import type {
  ElicitParams,
  ElicitResult,
  ElicitUrlParams,
  Root,
  SampleParams,
  SampleResult,
} from '../ground/client-requests.js';
import { ConfigurationError, McpError } from '../ground/errors.js';
import { isObject, type Params } from '../ground/json-rpc.js';
import { isUri } from '../ground/uri.js';
import type { CallScope } from './call-scope.js';
import { type CompiledSchema, faultsText } from './compiled-schema.js';
import { compileSchema, isPlainJsonSchema, type SchemaSource } from './schema.js';
import { assertToolBalance } from './tool-balance.js';

/** A form, described by any schema a tool could be described by. */
export interface ElicitFormRequest<S extends SchemaSource> {
  readonly mode?: 'form';
  readonly message: string;
  readonly requestedSchema: S;
}

type ElicitRequest = ElicitParams | ElicitFormRequest<SchemaSource>;

export async function elicit(
  scope: CallScope,
  request: ElicitRequest,
  timeoutMs: number | undefined,
): Promise<ElicitResult> {
  if (typeof request.message !== 'string') throw new ConfigurationError('elicit needs a "message"');
  if (request.mode === 'url') {
    assertUrlRequest(request);
    const params = { ...request };
    const answer = await scope.ask({ method: 'elicitation/create', params, needs: ['elicitation.url'], timeoutMs });
    return readElicitResult(answer, undefined);
  }
  const schema = formSchema(request.requestedSchema);
  const params = { message: request.message, requestedSchema: schema.json };
  const answer = await scope.ask({ method: 'elicitation/create', params, needs: ['elicitation.form'], timeoutMs });
  return readElicitResult(answer, schema);
}

function assertUrlRequest({ url, elicitationId }: ElicitUrlParams): void {
  if (typeof url !== 'string' || !isUri(url)) throw new ConfigurationError('elicit in URL mode needs a valid "url"');
  if (typeof elicitationId !== 'string') throw new ConfigurationError('elicit in URL mode needs an "elicitationId"');
}

async function readElicitResult(answer: Params, schema: CompiledSchema | undefined): Promise<ElicitResult> {
  const { action, content } = answer;
  if (action !== 'accept' && action !== 'decline' && action !== 'cancel') throw invalid('"action"');
  if (action !== 'accept' || schema === undefined) return answer as unknown as ElicitResult;
  const checked = await schema.check(content ?? {});
  if ('value' in checked) return { ...answer, action, content: checked.value as NonNullable<ElicitResult['content']> };
  throw invalid(faultsText(checked.faults));
}

export async function sample(
  scope: CallScope,
  params: SampleParams,
  timeoutMs: number | undefined,
): Promise<SampleResult> {
  assertToolBalance(params.messages);
  const usesTools = params.tools !== undefined || params.toolChoice !== undefined;
  const usesContext = params.includeContext !== undefined && params.includeContext !== 'none';
  const needs = ['sampling', ...(usesTools ? ['sampling.tools'] : []), ...(usesContext ? ['sampling.context'] : [])];
  const answer = await scope.ask({ method: 'sampling/createMessage', params: { ...params }, needs, timeoutMs });
  const content = answer['content'];
  if (!isObject(content) && !Array.isArray(content)) throw invalid('"content"');
  return answer as unknown as SampleResult;
}

export async function roots(scope: CallScope, timeoutMs: number | undefined): Promise<Root[]> {
  const answer = await scope.ask({ method: 'roots/list', params: {}, needs: ['roots'], timeoutMs });
  const list = answer['roots'];
  if (!Array.isArray(list)) throw invalid('"roots"');
  return list as Root[];
}

function invalid(what: string): McpError {
  return new McpError('client-answer-invalid', `The client's answer is not valid: ${what}`);
}

/** Forms are often written where they are asked, so the same one arrives as a new object each time. */
const forms = new Map<string, CompiledSchema>();
const MAX_FORMS = 200;

/** The kinds of field a form may have (MCP 2025-11-25, Elicitation, "Requested Schema"), beside lists of choices. */
const FIELD_TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

function formSchema(source: SchemaSource): CompiledSchema {
  // What a library checks beyond its JSON Schema is not in the text of it.
  if (!isPlainJsonSchema(source)) return flat(compileSchema(source, 'requestedSchema', 'input'));
  const text = JSON.stringify(source);
  const known = forms.get(text);
  if (known !== undefined) return known;
  const schema = flat(compileSchema(source, 'requestedSchema', 'input'));
  if (forms.size >= MAX_FORMS) forms.clear();
  forms.set(text, schema);
  return schema;
}

function flat(schema: CompiledSchema): CompiledSchema {
  const { $schema: _dialect, ...json } = schema.json;
  for (const [name, field] of Object.entries(isObject(json['properties']) ? json['properties'] : {})) {
    if (isObject(field) && (FIELD_TYPES.includes(field['type']) || isChoiceList(field))) continue;
    throw new ConfigurationError(`requestedSchema: a form cannot have a field like "${name}"`);
  }
  return { ...schema, json };
}

function isChoiceList({ type, items }: Record<string, unknown>): boolean {
  return type === 'array' && isObject(items) && (Array.isArray(items['enum']) || Array.isArray(items['anyOf']));
}
