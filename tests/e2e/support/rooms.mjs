// Workspaces and channels over REST, as a person of the test.
import assert from 'node:assert/strict';
import { rest } from './http.mjs';

/** The id of the workspace every newcomer is a member of. */
export async function defaultWorkspace(server, user) {
  const { status, json } = await rest(server, user).get('/workspaces');
  assert.equal(status, 200);
  const found = json.data.find((workspace) => workspace.slug === 'default' || workspace.id === 'default');
  assert.ok(found, `there is a workspace 'default' in ${JSON.stringify(json.data)}`);
  return found.id;
}

/** Creates a channel as `owner` and adds the members; returns its id. */
export async function makeChannel(server, owner, { name, type = 'private', members = [] }) {
  const api = rest(server, owner);
  const made = await api.post(`/workspaces/${await defaultWorkspace(server, owner)}/channels`, { name, type });
  assert.equal(made.status, 201, made.text);
  for (const userId of members) await addMember(server, owner, made.json.data.id, userId);
  return made.json.data.id;
}

export async function addMember(server, owner, channelId, userId) {
  // A person exists from the first valid token on.
  assert.equal((await rest(server, userId).get('/users/me')).status, 200);
  const added = await rest(server, owner).post(`/channels/${channelId}/members`, { userId });
  assert.ok([200, 201].includes(added.status), added.text);
}

export async function removeMember(server, owner, channelId, userId) {
  const removed = await rest(server, owner).delete(`/channels/${channelId}/members/${userId}`);
  assert.ok([200, 204].includes(removed.status), removed.text);
}

/** The whole history of a channel, oldest first, read page by page. */
export async function history(server, user, channelId, limit = 100) {
  const api = rest(server, user);
  const messages = [];
  let before = '';
  for (;;) {
    const page = await api.get(`/channels/${channelId}/messages?limit=${limit}${before}`);
    assert.equal(page.status, 200, page.text);
    messages.push(...page.json.data);
    if (!page.json.meta.hasMore) return messages.reverse();
    assert.ok(page.json.data.length > 0, 'a page that has more after it is not empty');
    before = `&before=${encodeURIComponent(page.json.meta.nextCursor)}`;
  }
}
