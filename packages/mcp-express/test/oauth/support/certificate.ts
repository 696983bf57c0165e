import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** The few kinds of DER that a certificate is made of (X.690). */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x17,
  list: 0x30,
  set: 0x31,
};

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const list = (...parts: readonly Uint8Array[]): Buffer => der(TAG.list, ...parts);
const oid = (hex: string): Buffer => der(TAG.oid, Buffer.from(hex, 'hex'));

const ECDSA_WITH_SHA256 = list(oid('2a8648ce3d040302'));
const COMMON_NAME = oid('550403');
const SUBJECT_ALT_NAME = oid('551d11');
const BASIC_CONSTRAINTS = oid('551d13');

/** In names of hosts: context-specific, primitive, number 2 for DNS and 7 for an address (RFC 5280, section 4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[^0-9]/g, '');
  return der(TAG.time, Buffer.from(`${digits.slice(2, 14)}Z`));
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate of this machine's names, signed by itself (RFC 5280): Node makes keys, but no certificates. */
export function selfSigned(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = list(der(TAG.set, list(COMMON_NAME, der(TAG.utf8, Buffer.from('a test')))));
  const hour = 60 * 60 * 1000;
  const names = list(der(DNS_NAME, Buffer.from('localhost')), der(IP_ADDRESS, Buffer.from([127, 0, 0, 1])));
  const isAuthority = list(der(TAG.boolean, Buffer.from([0xff])));
  const extensions = list(
    list(SUBJECT_ALT_NAME, der(TAG.octets, names)),
    list(BASIC_CONSTRAINTS, der(TAG.octets, isAuthority)),
  );
  const body = list(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    // A first bit that is set would make it negative.
    der(TAG.integer, Buffer.from([1]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    name,
    list(utcTime(Date.now() - hour), utcTime(Date.now() + hour)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(TAG.bits, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = list(body, ECDSA_WITH_SHA256, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
