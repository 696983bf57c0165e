import { describe, expect, test } from '@jest/globals';
import { canonicalAddress, networkOf } from './address.js';

describe('the canonical form of an address', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:51234', '203.0.113.9'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['"203.0.113.9:80"', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
    ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:0.0.0.9', '0.0.0.9'],
    ['64:ff9b::203.0.113.9', '203.0.113.9'],
    ['64:ff9b::9', '0.0.0.9'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:51234', '2001:db8::1'],
    ['"[2001:db8::1]:51234"', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['::1', '::1'],
    ['unknown', 'unknown'],
    ['_hidden', '_hidden'],
    ['', ''],
    ['[]', '[]'],
    ['1.2.3.4.5', '1.2.3.4.5'],
    ['[1.2.3.400]:5', '[1.2.3.400]:5'],
  ])('%s becomes %s', (text, plain) => {
    expect(canonicalAddress(text)).toBe(plain);
  });
});

describe('the network of an address', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9:51234'],
    ['203.0.113.9', '::ffff:203.0.113.9'],
    ['2001:db8:1:200::1', '2001:db8:1:2ff:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:200::1', '[2001:db8:1:2aa::7]:51234'],
    ['2001:db8::', '2001:db8:0:00ff::9'],
    ['::1', '[::1]:8080'],
  ])('%s and %s are in one network', (some, other) => {
    expect(networkOf(other)).toBe(networkOf(some));
  });

  test.each([
    ['203.0.113.9', '203.0.113.10'],
    ['2001:db8:1:200::1', '2001:db8:1:300::1'],
    ['2001:db8:1::', '2001:db8:2::'],
    ['::1', '::ffff:0.0.0.1'],
    ['unknown', '203.0.113.9'],
  ])('%s and %s are in two networks', (some, other) => {
    expect(networkOf(other)).not.toBe(networkOf(some));
  });

  test('texts that are not addresses are cut, and a disconnected client has an empty network', () => {
    expect(networkOf('x'.repeat(10_000)).length).toBe(64);
    expect(networkOf(undefined)).toBe('');
  });
});
