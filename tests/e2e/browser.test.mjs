// Two people in two real browsers: what one does, the other sees.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Client } from './support/client.mjs';
import { graceFence } from './support/fences.mjs';
import { PAGE, withServer } from './support/server.mjs';
import { SOON_MS, until } from './support/waiting.mjs';

const GRACE_MS = 1500;
const WAIT = { timeout: SOON_MS * 2 };
const id = (name) => `[data-testid="${name}"]`;

let chrome;
before(async () => {
  const executablePath = process.env.ATRIUM_CHROMIUM ?? '/usr/bin/chromium';
  chrome = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
after(() => chrome?.close());

/** A demo server with the page; the body gets it and a function that opens a page of a new person. */
function withPages(body, flags = []) {
  const options = { flags: ['--demo', '--ui', PAGE, '--presence-grace', String(GRACE_MS), ...flags] };
  return withServer(options, async (server) => {
    const contexts = [];
    const errors = [];
    const open = async (user, { viewport = { width: 1280, height: 800 }, context } = {}) => {
      const owner = context ?? await chrome.newContext({ viewport });
      if (!context) contexts.push(owner);
      const page = await owner.newPage();
      page.setDefaultTimeout(WAIT.timeout);
      page.on('pageerror', (error) => errors.push(`${user}: ${error.message}`));
      page.on('dialog', (dialog) => dialog.accept());
      await page.goto(server.url);
      if (!context) {
        await page.locator(id(`demo-user-${user}`)).click();
        await page.locator(id('channel-general')).click();
      }
      await page.locator(id('composer')).waitFor();
      return page;
    };
    try {
      await body({ server, open });
      assert.deepEqual(errors, [], 'no page threw an error');
    } finally {
      for (const context of contexts) await context.close();
    }
  });
}

async function screenshot(page, name) {
  const folder = process.env.ATRIUM_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

const messageWith = (page, text) =>
  page.locator(id('message')).filter({ has: page.locator(id('message-content'), { hasText: text }) });
const seen = (locator) => locator.waitFor({ state: 'visible', ...WAIT });
const gone = (locator) => locator.waitFor({ state: 'hidden', ...WAIT });
const online = (page, user) => page.locator(id(`online-user-${user}`));
const typingText = (page, pattern) => page.waitForFunction(
  ([selector, source]) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ''),
  [id('typing-line'), pattern.source], WAIT);

async function say(page, text) {
  await page.locator(id('composer')).fill(text);
  await page.locator(id('send')).click();
}

async function two({ open }) {
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  await seen(online(alice, 'bob'));
  await seen(online(bob, 'alice'));
  return { alice, bob };
}

test('typing in one page shows in the other and goes away by itself', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await alice.locator(id('composer')).pressSequentially('Hel');
  await typingText(bob, /Alice is typing/);
  await screenshot(bob, 'typing');
  assert.doesNotMatch(await alice.locator(id('typing-line')).textContent() ?? '', /typing/);
  await typingText(bob, /^\s*$/);
}));

test('three people typing are named as the article names them', () => withPages(async ({ server, open }) => {
  const bob = await open('bob');
  for (const user of ['alice', 'carol']) {
    const client = await Client.open(server, user);
    await client.join('general');
    client.emit('channel:typing', { channelId: 'general' });
    await client.barrier();
  }
  await typingText(bob, /(Alice and Carol|Carol and Alice) are typing/);
  const dave = await Client.open(server, 'dave');
  await dave.join('general');
  dave.emit('channel:typing', { channelId: 'general' });
  await typingText(bob, /and 2 others are typing/);
}));

test('a message appears in both pages, and ends the typing', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await alice.locator(id('composer')).pressSequentially('Hello, bob');
  await typingText(bob, /Alice is typing/);
  await alice.locator(id('send')).click();
  await seen(messageWith(alice, 'Hello, bob'));
  await seen(messageWith(bob, 'Hello, bob'));
  await typingText(bob, /^\s*$/);
  assert.equal(await alice.locator(id('composer')).inputValue(), '');
  assert.equal(await messageWith(alice, 'Hello, bob').count(), 1);
  await screenshot(alice, 'message');
}));

test('markup in a message is text and nothing else', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  const text = '<img src=x onerror="document.title=1"> & <b>bold</b>';
  await say(alice, text);
  await seen(messageWith(bob, '<b>bold</b>'));
  assert.equal((await bob.locator(id('message-content')).last().textContent()).trim(), text);
  assert.equal(await bob.locator(`${id('message-content')} img[src="x"]`).count(), 0);
}));

test('an edit shows in both pages', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await say(alice, 'helo wrold');
  await seen(messageWith(bob, 'helo wrold'));
  const message = messageWith(alice, 'helo wrold');
  await message.hover();
  await message.locator(id('message-edit')).click();
  await alice.locator(id('edit-input')).fill('hello world');
  await alice.locator(id('edit-input')).press('Enter');
  for (const page of [alice, bob]) {
    await seen(messageWith(page, 'hello world'));
    assert.equal(await messageWith(page, 'helo wrold').count(), 0);
  }
}));

test('a deletion takes the message out of both pages', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await say(alice, 'this one stays');
  await say(alice, 'this one vanishes');
  await seen(messageWith(bob, 'this one vanishes'));
  const message = messageWith(alice, 'this one vanishes');
  await message.hover();
  await message.locator(id('message-delete')).click();
  for (const page of [alice, bob]) {
    await gone(messageWith(page, 'this one vanishes'));
    await seen(messageWith(page, 'this one stays'));
  }
}));

test('somebody else\'s message offers neither edit nor delete', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await say(alice, 'mine');
  const message = messageWith(bob, 'mine');
  await seen(message);
  await message.hover();
  assert.equal(await message.locator(id('message-edit')).count(), 0);
  assert.equal(await message.locator(id('message-delete')).count(), 0);
}));

/** From now on the page keeps a list of everybody who disappears from its online list. */
async function watchOnlineList(page) {
  await page.evaluate((selector) => {
    const present = () => new Set([...document.querySelectorAll(selector)].map((node) => node.dataset.testid));
    let before = present();
    window.lost = [];
    new MutationObserver(() => {
      const now = present();
      for (const user of before) if (!now.has(user)) window.lost.push(user);
      before = now;
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  }, '[data-testid^="online-user-"]');
}

test('a reload makes nobody go offline, and the reloaded page is where it was', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await say(alice, 'before the reload');
  await seen(messageWith(bob, 'before the reload'));
  await watchOnlineList(bob);
  const observer = await Client.open(pages.server, 'observer');
  await observer.next('presence:online', { userId: 'alice' });
  await alice.reload();
  await seen(messageWith(alice, 'before the reload'));
  await seen(online(alice, 'bob'));
  await graceFence(pages.server, observer);
  assert.equal(observer.all('presence:offline').filter(({ userId }) => userId === 'alice').length, 0);
  const lost = await bob.evaluate(() => window.lost);
  assert.ok(!lost.includes('online-user-alice'), `bob saw these go: ${lost}`);
}));

test('closing one of two tabs changes nothing, closing the last takes the person off the list', () =>
  withPages(async (pages) => {
    const { alice, bob } = await two(pages);
    const tab2 = await pages.open('alice', { context: alice.context() });
    await seen(online(tab2, 'bob'));
    const observer = await Client.open(pages.server, 'observer');
    await tab2.close();
    await graceFence(pages.server, observer);
    assert.equal(await online(bob, 'alice').count(), 1);
    await alice.close();
    await gone(online(bob, 'alice'));
    await seen(online(bob, 'bob'));
  }));

const liveCount = (page, count) => page.waitForFunction(
  ([selector, wanted]) => (document.querySelector(selector)?.textContent.match(/\d+/) ?? [])[0] === String(wanted),
  [id('live-count'), count], { timeout: 15_000 });

const shownAs = (page, user, status) => page.locator(`${id(`online-user-${user}`)}[data-status="${status}"]`);

test('who wants no disturbance is shown so, and who is invisible is shown to nobody but himself', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  const own = alice.locator(id('own-status'));
  await own.selectOption('dnd');
  await seen(shownAs(bob, 'alice', 'dnd'));
  await screenshot(bob, 'do-not-disturb');
  await own.selectOption('invisible');
  await gone(online(bob, 'alice'));
  await alice.reload();
  await alice.locator(`${id('own-status')}:has(option:checked[value="invisible"])`).waitFor(WAIT);
  assert.equal(await online(bob, 'alice').count(), 0);
  await own.selectOption('online');
  await seen(shownAs(bob, 'alice', 'online'));
}));

test('who does nothing for long is shown as away until he types', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await seen(shownAs(bob, 'alice', 'away'));
  await screenshot(bob, 'away');
  await alice.locator(id('composer')).pressSequentially('I am');
  await seen(shownAs(bob, 'alice', 'online'));
}, ['--presence-away', '2000']));

test('of more people than can be named, a page still shows the members whom it lists', () => withPages(async ({ server, open }) => {
  const erin = await Client.open(server, 'erin');
  for (const user of ['frank', 'grace']) await Client.open(server, user);
  const bob = await open('bob');
  for (const user of ['erin', 'frank', 'grace']) await seen(shownAs(bob, user, 'online'));
  erin.leave();
  await gone(online(bob, 'erin'));
  await liveCount(bob, 3);
}, ['--presence-full-max', '2']));

test('the live count follows the people', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await liveCount(alice, 2);
  await bob.close();
  await liveCount(alice, 1);
}));

test('signing out leads back to the people to choose from, and is offline', () => withPages(async (pages) => {
  const { alice, bob } = await two(pages);
  await alice.locator(id('sign-out')).click();
  await seen(alice.locator(id('demo-user-alice')));
  await gone(online(bob, 'alice'));
}));

test('a lost server shows a banner, and its return takes the banner away and keeps the history', () =>
  withPages(async (pages) => {
    const { alice } = await two(pages);
    await say(alice, 'before the outage');
    await seen(messageWith(alice, 'before the outage'));
    await pages.server.kill();
    await seen(alice.locator(id('reconnect-banner')));
    await screenshot(alice, 'reconnecting');
    await pages.server.restart();
    await gone(alice.locator(id('reconnect-banner')));
    await say(alice, 'after the outage');
    await seen(messageWith(alice, 'after the outage'));
    assert.equal(await messageWith(alice, 'before the outage').count(), 1);
  }));

test('older history loads when one scrolls up', () => withPages(async ({ server, open }) => {
  const carol = await Client.open(server, 'carol');
  for (let i = 1; i <= 130; i += 1) await carol.say('general', `line ${String(i).padStart(3, '0')}`);
  const alice = await open('alice');
  await seen(messageWith(alice, 'line 130'));
  assert.equal(await messageWith(alice, 'line 001').count(), 0);
  await until(async () => {
    await alice.locator(id('message')).first().scrollIntoViewIfNeeded();
    await alice.locator(id('message-list')).evaluate((list) => { list.scrollTop = 0; });
    return await messageWith(alice, 'line 001').count() === 1;
  }, 'the first line is there', SOON_MS * 2);
  const shown = await alice.locator(id('message-content')).allTextContents();
  const lines = shown.map((line) => line.trim()).filter((line) => line.startsWith('line '));
  assert.deepEqual(lines, Array.from({ length: 130 }, (_, i) => `line ${String(i + 1).padStart(3, '0')}`));
}));

test('at phone width one can read and write, and nothing sticks out', () => withPages(async (pages) => {
  const alice = await pages.open('alice');
  await alice.setViewportSize({ width: 390, height: 844 });
  await seen(alice.locator(id('composer')));
  await say(alice, 'from the phone');
  await seen(messageWith(alice, 'from the phone'));
  const { wide, width } = await alice.evaluate(() =>
    ({ wide: document.documentElement.scrollWidth, width: window.innerWidth }));
  assert.ok(wide <= width, `${wide} > ${width}`);
  await screenshot(alice, 'phone');
}));
