// Workspaces and channels over REST, as a person of the test.
import assert from 'node:assert/strict';
import { rest } from './http.mjs';
import { emailOf } from './token.mjs';

/** The id of the workspace every newcomer is a member of. */
export async function defaultWorkspace(server, user) {
  const { status, json } = await rest(server, user).get('/workspaces');
  assert.equal(status, 200);
  const found = json.data.find((workspace) => workspace.slug === 'default' || workspace.id === 'default');
  assert.ok(found, `there is a workspace 'default' in ${JSON.stringify(json.data)}`);
  return found.id;
}

/** A person exists from the first valid token on. */
export async function known(server, ...users) {
  for (const user of users) assert.equal((await rest(server, user).get('/users/me')).status, 200);
}

/** Creates a workspace of `owner`, with members by their role; returns its id. */
export async function makeWorkspace(server, owner, slug, members = {}) {
  await known(server, owner, ...Object.keys(members));
  const made = await rest(server, owner).post('/workspaces', { name: slug, slug });
  assert.equal(made.status, 201, made.text);
  for (const [user, role] of Object.entries(members)) await invite(server, owner, made.json.data.id, user, role);
  return made.json.data.id;
}

export async function invite(server, admin, workspace, user, role = 'member') {
  const invited = await rest(server, admin).post(`/workspaces/${workspace}/invite`, { email: emailOf(user), role });
  assert.equal(invited.status, 200, invited.text);
}

/** Creates a channel as `owner` and adds the members; returns its id. A direct one is with the first member, or carol. */
export async function makeChannel(server, owner, { name, type = 'private', members = [], workspace }) {
  const api = rest(server, owner);
  workspace ??= await defaultWorkspace(server, owner);
  if (type === 'direct') {
    const [userId = 'carol'] = members;
    await known(server, userId);
    const opened = await api.post(`/workspaces/${workspace}/channels`, { type, userId });
    assert.equal(opened.status, 201, opened.text);
    return opened.json.data.id;
  }
  const made = await api.post(`/workspaces/${workspace}/channels`, { name, type });
  assert.equal(made.status, 201, made.text);
  for (const userId of members) await addMember(server, owner, made.json.data.id, userId);
  return made.json.data.id;
}

export async function addMember(server, owner, channelId, userId) {
  await known(server, userId);
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
