// Mints the JSON Web Tokens (HS256) that stand for the accounts of somebody else's identity provider.
import { createHmac } from 'node:crypto';

export const SECRET = 'an end-to-end test secret, longer than 32 bytes';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const now = () => Math.floor(Date.now() / 1000);

/** Signs any header and claims; `secret` and `header` are arguments so that a test can forge a bad one. */
export function sign(claims, { secret = SECRET, header = { alg: 'HS256', typ: 'JWT' } } = {}) {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The claims of a person called `sub`: `alice` becomes Alice, alice@vibed.dev. */
export function claimsOf(sub, extra = {}) {
  return {
    sub,
    email: `${sub}@vibed.dev`,
    name: displayName(sub),
    iat: now(),
    exp: now() + 3600,
    ...extra,
  };
}

export const tokenOf = (sub, extra) => sign(claimsOf(sub, extra));

export const displayName = (sub) => sub[0].toUpperCase() + sub.slice(1);

export const emailOf = (sub) => `${sub}@vibed.dev`;
