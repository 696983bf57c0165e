import { MODERN, page } from '../requirement.js';

const basic = page('basic');
const versioning = page('basic/versioning');
const discover = page('server/discover');

const CODES = 'error-codes';
const STATELESS = 'statelessness';
const REFS = 'json-schema-usage';

export const MODERN_BASIC = [
  basic.must(
    'basic.patterns',
    MODERN,
    '',
    'Requests, rounds and subscriptions are served, in versions that are agreed on.',
  ),
  basic.must('basic.result-type', MODERN, 'result-responses', 'Every result says of which type it is.'),
  basic.must(
    'basic.result-types-known',
    MODERN,
    'resulttype',
    'That is a type of the core, or of an extension that both sides declare.',
  ),
  basic.mustNot('basic.error-codes-new', MODERN, CODES, 'No code is newly allotted between -32000 and -32019.'),
  basic.shouldNot('basic.error-codes-legacy', MODERN, CODES, 'No code between -32000 and -32019 is used at all.'),
  basic.mustNot('basic.error-codes-reserved', MODERN, CODES, 'Between -32020 and -32099 only defined codes are used.'),
  basic.must('basic.error-codes-meaning', MODERN, CODES, 'Defined codes mean what they are defined to mean.'),
  basic.mustNot('basic.error-codes-retired', MODERN, CODES, '-32002 and -32042 are not used any more.'),
  basic.should(
    'basic.error-codes-own',
    MODERN,
    CODES,
    'New codes for other purposes are outside of the range of JSON-RPC.',
    'There are none: an error is named by a text in its data, and has a code of JSON-RPC or MCP.',
  ),
  basic.mustNot(
    'basic.stateless',
    MODERN,
    STATELESS,
    'A request is served by what it says itself, not by earlier ones.',
  ),
  basic.should('basic.unrelated-requests', MODERN, STATELESS, 'Requests of many tasks and threads come side by side.'),
  basic.shouldNot('basic.any-connection', MODERN, STATELESS, 'What belongs together may come over any connection.'),
  basic.must('basic.explicit-handles', MODERN, STATELESS, 'What outlives a request is named by the requests about it.'),
  basic.must('basic.meta-required', MODERN, 'meta', 'A request that lacks a required `_meta` field is -32602.'),
  basic.must('basic.meta-required-status', MODERN, 'meta', 'Such a request is answered 400.'),
  basic.mustNot('basic.capabilities-declared', MODERN, 'meta', 'What a client has not declared is not relied on.'),
  basic.must('basic.capability-missing', MODERN, 'meta', 'What cannot be done without it is -32021, and names it.'),
  basic.must('basic.capability-missing-status', MODERN, 'meta', 'Such a request is answered 400.'),
  basic.should('basic.server-info', MODERN, 'meta', 'Every result says who gave it.'),
  basic.shouldNot('basic.client-info-unused', MODERN, 'meta', 'Who a client says it is changes nothing.'),
  basic.shouldNot('basic.client-info-no-security', MODERN, 'meta', 'Nothing is permitted for who a client says it is.'),
  basic.must('basic.subscription-id', MODERN, 'meta', 'What is told to a subscription names it.'),
  basic.mustNot('basic.schema-ref-network', MODERN, REFS, 'What a schema refers to is not fetched from a network.'),
  basic.must('basic.schema-ref-off', MODERN, REFS, 'Fetching it is off unless it was switched on.'),
  basic.should('basic.schema-ref-unresolved', MODERN, REFS, 'A schema that refers to what is not there is refused.'),
  basic.should(
    'basic.schema-bounds',
    MODERN,
    'composition-keyword-resource-use',
    'What a schema may cost is bounded.',
    'Only schemas of the application are compiled, at registration: no client can bring one.',
  ),
  versioning.must(
    'versioning.unsupported',
    MODERN,
    'protocol-version-negotiation',
    'A version that is not served is -32022, with those that are.',
  ),
  versioning.must('versioning.discover', MODERN, 'protocol-version-negotiation', '`server/discover` is served.'),
  versioning.must('versioning.extension-ids', MODERN, 'extension-negotiation', 'An extension is named with a prefix.'),
  versioning.must(
    'versioning.extension-fallback',
    MODERN,
    'extension-negotiation',
    'Who does not know an extension is served without it, or refused with an error.',
  ),
  versioning.may(
    'versioning.dual-era',
    MODERN,
    'backward-compatibility-with-initialization-based-versions',
    'Sessions and requests that stand alone are served side by side.',
  ),
  discover.must('discover.implemented', MODERN, '', 'It tells versions, capabilities and instructions.'),
  discover.should('discover.server-info', MODERN, 'discoverresult', 'It says who the server is.'),
];
