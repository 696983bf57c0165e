import { describe } from '@jest/globals';

/** Every advisory, or class of them, that was looked at, and what went wrong there. Each is walked by one `advisory`. */
export const ADVISORIES = {
  'CVE-2026-25536': 'GHSA-345p-7cg4-v4c7: answers and notifications of one client reached another',
  'CVE-2025-66414': 'GHSA-w48q-cv73-mx4w: DNS rebinding, protection off by default',
  'CVE-2026-0621': 'GHSA-cqwc-fm46-7fff, GHSA-8r9q-7v3j-jr4g: ReDoS in exploded URI templates',
  'CVE-2026-52869': 'session requests served without a look at the principal',
  'CVE-2026-52870': 'tasks within reach of other clients',
  'CVE-2026-59950': 'WebSocket upgrades without a look at Host and Origin',
  'CVE-2025-66416': 'GHSA-9h52-p55h-vw2f: DNS rebinding',
  'CVE-2025-53365': 'an exception in the transport ended the process',
  'CVE-2026-34742': 'GHSA-xw59-hvm2-8pj6: DNS rebinding',
  'CVE-2026-33252': 'GHSA-89xv-2j6f-qhc8: POSTs of foreign pages as text/plain ran tools',
  'CVE-2026-27896': 'GHSA-wvj2-96wp-fq3f: members of JSON found whatever their case',
  'GHSA-q382-vc8q-7jhj': 'GO-2026-4770: NUL and odd Unicode in JSON',
  'CVE-2026-35568': 'GHSA-8jxr-pr72-r468: DNS rebinding',
  'CVE-2026-34237': 'GHSA-hv2w-8mjj-jw22: Access-Control-Allow-Origin: * gave the session id away',
  'CVE-2026-42559': 'GHSA-89vp-x53w-74fx: DNS rebinding',
  'CVE-2026-33946': 'GHSA-qvqr-5cv7-wh35: a second GET with a stolen id took the stream',
  'CVE-2026-67431': 'GHSA-5p9g-j988-pcwv: tools run, and questions answered, in a stolen session',
  'CVE-2026-67430': 'GHSA-52jp-gj8w-j6xh: sessions without bound',
  'CVE-2026-67432': 'GHSA-h669-8m4g-r2hc: bodies without bound',
  'CVE-2026-63118': 'GHSA-rjr6-rcgv-9m7m: DNS rebinding',
  '(no number) PHP mcp/sdk': 'out of memory by an HTTP body',
  'CVE-2026-39313': 'a limit of bodies that was never enforced',
  'GHSA-84j6-jc92-77jm': 'replay not scoped to the session, event ids that could be guessed',
  'GHSA-f6c5-f2ph-7x7p': 'a session that acted with the credential of whoever opened it',
  'CVE-2025-6515': 'session ids that could be foretold',
  '(no CVE) byterover-cli': 'a request without a session id fell back to the only session',
  '(no CVE) Mastra': "the first caller's list cached for everybody",
  '(no CVE) agentic-community gateway': 'ids that were injected further, no owner check for an empty identity',
  'CVE-2026-11624': 'Origin not validated',
  '(RCE chain) OSS-Fuzz': 'bound to all interfaces, without a look at Origin',
  '(class) SEP-2322': 'requestState forged, or replayed by others',
  '(class) SEP-2575': 'subscriptions to what one may not read',
} as const;

export type AdvisoryId = keyof typeof ADVISORIES;

/** The tests of one row. */
export function advisory(id: AdvisoryId, tests: () => void): void {
  describe(`${id} (${ADVISORIES[id]})`, tests);
}
