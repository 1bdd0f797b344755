// People with accounts of their own: they register over REST and hold the tokens that they got.
import assert from 'node:assert/strict';
import { Client } from './client.mjs';
import { request } from './http.mjs';

export const PASSWORD = 'correct horse battery staple';

export const post = (server, path, body, options = {}) =>
  request(server, `/api/v1${path}`, { method: 'POST', body, ...options });

/** What somebody called Grace registers with. */
export const registration = (extra = {}) =>
  ({ email: 'grace@navy.example', password: PASSWORD, firstName: 'Grace', lastName: 'Hopper', ...extra });

/** Registers; returns {user, accessToken, refreshToken}. */
export async function register(server, extra = {}) {
  const { status, json, text } = await post(server, '/auth/register', registration(extra));
  assert.equal(status, 201, text);
  return json.data;
}

export async function logIn(server, email = 'grace@navy.example', password = PASSWORD) {
  const { status, json, text } = await post(server, '/auth/login', { email, password });
  assert.equal(status, 200, text);
  return json.data;
}

export const refresh = (server, refreshToken) => post(server, '/auth/refresh', { refreshToken });

/** GET, or whatever `options` says, by an access token. */
export const as = (server, accessToken, path, options = {}) => request(server, `/api/v1${path}`, { token: accessToken, ...options });

/** A socket of whoever the access token names, welcomed. */
export const connect = (server, accessToken, options = {}) => new Client(server, { token: accessToken, ...options }).ready();

/** The claims of a token, unchecked. */
export const claimsIn = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
