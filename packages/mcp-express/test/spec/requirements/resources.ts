import { ALL, EVERY, FROM_2025_06_18, page } from '../requirement.js';

const { must, should } = page('server/resources');

export const RESOURCES = [
  must('resources.capability', EVERY, 'capabilities', 'A server with resources declares so.'),
  should('resources.list-changed', EVERY, 'list-changed-notification', 'Clients are told when the list changes.'),
  should('resources.https-scheme', EVERY, 'https', 'https: is for what a client can fetch without us.'),
  should('resources.other-scheme', EVERY, 'https', 'What it cannot has another scheme.'),
  must('resources.uri-rfc3986', FROM_2025_06_18, 'custom-uri-schemes', 'A URI of any scheme is one of RFC 3986.'),
  should('resources.error-not-found', ALL, 'error-handling', 'A resource that is not there is -32002.'),
  should('resources.error-internal', EVERY, 'error-handling', 'A failure of ours is -32603.'),
  must('resources.validate-uris', EVERY, 'security-considerations', 'Every URI that is given to us is checked.'),
  should('resources.access-control', EVERY, 'security-considerations', 'Sensitive resources are not for everybody.'),
  must('resources.binary-encoded', EVERY, 'security-considerations', 'Bytes are sent as base64.'),
  should('resources.permissions', EVERY, 'security-considerations', 'Permission is checked before anything is done.'),
];
