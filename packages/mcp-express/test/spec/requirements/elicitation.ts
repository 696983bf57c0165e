import { FROM_2025_06_18, FROM_2025_11_25, NEWEST_ONLY, page } from '../requirement.js';

const { must, mustNot, should, shouldNot } = page('client/elicitation');

const URL_MODE = 'url-mode-elicitation-requests';
const COMPLETE = 'completion-notifications-for-url-mode-elicitation';
const REQUIRED = 'url-elicitation-required-error';
const OAUTH = 'understanding-the-distinction';
const SAFE = 'safe-url-handling';

const BY_THE_APPLICATION = 'What is asked of people is the choice of the application.';
const NO_PAGE_OF_OURS = 'Concerns the web page behind the URL, which is the application’s: we serve none.';
const NO_THIRD_PARTY = 'We call no third party and hold no credentials for one.';

export const ELICITATION = [
  mustNot(
    'elicitation.no-secrets-in-forms',
    FROM_2025_06_18,
    'user-interaction-model',
    'A form does not ask for passwords and the like.',
    BY_THE_APPLICATION,
  ),
  must(
    'elicitation.url-for-secrets',
    FROM_2025_11_25,
    'user-interaction-model',
    'What is sensitive is asked in URL mode.',
    BY_THE_APPLICATION,
  ),
  mustNot('elicitation.supported-modes', FROM_2025_11_25, 'capabilities', 'A client is asked only in modes it has.'),
  must(
    'elicitation.parameters',
    FROM_2025_11_25,
    'elicitation-requests',
    'A request names its mode and has a message.',
  ),
  must(
    'elicitation.form-parameters',
    FROM_2025_11_25,
    'form-mode-elicitation-requests',
    'A form has a schema, of mode "form" or no mode.',
  ),
  must('elicitation.url-parameters', NEWEST_ONLY, URL_MODE, 'URL mode has mode, message, url and elicitationId.'),
  must('elicitation.url-valid', FROM_2025_11_25, URL_MODE, 'The url is a URL.'),
  must('elicitation.complete-to-asked', NEWEST_ONLY, COMPLETE, 'Only who was asked is told of the end.'),
  must('elicitation.complete-id', NEWEST_ONLY, COMPLETE, 'It is told by the id of the elicitation.'),
  mustNot('elicitation.required-error-only', NEWEST_ONLY, REQUIRED, '-32042 means that a URL must be visited first.'),
  must('elicitation.required-error-data', NEWEST_ONLY, REQUIRED, 'It lists elicitations of URL mode.'),
  must('elicitation.required-error', NEWEST_ONLY, 'error-handling', 'That case is told by -32042.'),
  must(
    'elicitation.state-of-user',
    FROM_2025_11_25,
    'statefulness',
    'What is kept of an elicitation belongs to its user.',
  ),
  mustNot('elicitation.state-not-by-session', NEWEST_ONLY, 'statefulness', 'A session id alone is no key to it.'),
  must('elicitation.state-protected', FROM_2025_11_25, 'statefulness', 'Nobody else gets at it.'),
  must(
    'elicitation.user-from-credentials',
    FROM_2025_11_25,
    'statefulness',
    'Who the user is comes from authentication.',
  ),
  mustNot(
    'elicitation.not-own-authorization',
    FROM_2025_11_25,
    'url-mode-elicitation-for-oauth-flows',
    'URL mode does not authorize users for this server itself.',
    NO_PAGE_OF_OURS,
  ),
  mustNot(
    'elicitation.third-party-credentials',
    FROM_2025_11_25,
    OAUTH,
    'Credentials for third parties do not pass through the client.',
    NO_THIRD_PARTY,
  ),
  mustNot(
    'elicitation.no-token-passthrough',
    FROM_2025_11_25,
    OAUTH,
    "The client's credentials are not used at third parties.",
    NO_THIRD_PARTY,
  ),
  must(
    'elicitation.authorize-directly',
    FROM_2025_11_25,
    OAUTH,
    'The user authorizes this server directly.',
    NO_THIRD_PARTY,
  ),
  must('elicitation.bound-to-identity', FROM_2025_11_25, 'security-considerations', 'Only who was asked can answer.'),
  mustNot('elicitation.url-no-user-data', FROM_2025_11_25, SAFE, 'The URL holds nothing sensitive of the user.'),
  mustNot('elicitation.url-not-authenticated', FROM_2025_11_25, SAFE, 'The URL opens nothing by itself.'),
  shouldNot('elicitation.form-without-urls', FROM_2025_11_25, SAFE, 'Forms hold no URLs to click.'),
  should('elicitation.url-https', FROM_2025_11_25, SAFE, 'The URL is of https.'),
  mustNot(
    'elicitation.identity-verified',
    FROM_2025_11_25,
    'identifying-the-user',
    'A claimed identity is not believed.',
  ),
  should('elicitation.validate-content', FROM_2025_06_18, 'form-mode-security', 'What comes back fits the schema.'),
  must(
    'elicitation.opener-verified',
    FROM_2025_11_25,
    'phishing',
    'Who opens the URL is who was asked.',
    NO_PAGE_OF_OURS,
  ),
];
