/** A certificate for localhost that signed itself, valid for a hundred years; it protects nothing but these tests. */
import { createPrivateKey } from 'node:crypto';

export const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBnDCCAUGgAwIBAgIUKIB3XiAhPzOs0436ah/FSoKjbyIwCgYIKoZIzj0EAwIw',
  'FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTA3NDIyN1oYDzIxMjYxMTAx',
  'MDc0MjI3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO',
  'PQMBBwNCAATD15yDuNVPgjH+4ix0miAFVrvozU7M5ugf34ZIfNZQdgL++ARkKfOx',
  'xaUe3xVhOWPgtrkVqKO+wvBGR9uEv8Lgo28wbTAdBgNVHQ4EFgQUauBziNpzN+4s',
  '30had86KPOBVz/4wHwYDVR0jBBgwFoAUauBziNpzN+4s30had86KPOBVz/4wDwYD',
  'VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI',
  'zj0EAwIDSQAwRgIhAI99/KsUve8JVzErGZIZCd5lOhCTqJRTyAoHbTTQZSI+AiEA',
  'usTN7cz1OQAb0RhT2JYpnMHNauAirjc9CxngktY4b8s=',
  '-----END CERTIFICATE-----',
].join('\n');

const PKCS8 = [
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGCtV+JQa0hYQ3iWoBiiRBgtOtV7/6t1kDYUJ1/p3G9',
  'GhRANCAATD15yDuNVPgjH+4ix0miAFVrvozU7M5ugf34ZIfNZQdgL++ARkKfOxxaUe3xVhOWPgtrkVqKO+wvBGR9uE',
  'v8Lg',
].join('');

export const PRIVATE_KEY = createPrivateKey({
  key: Buffer.from(PKCS8, 'base64'),
  format: 'der',
  type: 'pkcs8',
}).export({ format: 'pem', type: 'pkcs8' });
