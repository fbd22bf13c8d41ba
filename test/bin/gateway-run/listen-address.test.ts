import { describe, expect, it } from 'vitest';
import { parseListenAddress, sdkUrl } from '../../../bin/gateway-run/listen-address.ts';

describe('an address to listen on', () => {
  it.each([
    ['0.0.0.0:41002', '0.0.0.0', 41002],
    ['localhost:0', 'localhost', 0],
    ['my-host.example.org:80', 'my-host.example.org', 80],
    ['[::1]:8080', '::1', 8080],
    ['[::]:65535', '::', 65535],
    [':8080', '127.0.0.1', 8080],
    ['8080', '127.0.0.1', 8080],
    [' 8080 ', '127.0.0.1', 8080],
  ])('%j is %s, port %i', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
  });

  it.each([
    '',
    'localhost',
    'localhost:',
    '1.2.3.4:65536',
    '1.2.3.4:-1',
    '1.2.3.4:80x',
    '::1:80',
    '[::1]',
    '[1.2.3.4]:80',
    'http://a:80',
    'a b:80',
    '1.2.3.4:99999999',
  ])('%j is none', (text) => {
    expect(parseListenAddress(text)).toBeUndefined();
  });
});

describe('the URL to give to an SDK', () => {
  it.each([
    ['http://127.0.0.1:41002', 'http://127.0.0.1:41002/v1'],
    ['http://0.0.0.0:41002', 'http://127.0.0.1:41002/v1'],
    ['http://[::]:8080', 'http://[::1]:8080/v1'],
  ])('of %s is %s', (server, url) => {
    expect(sdkUrl(server)).toBe(url);
  });
});
