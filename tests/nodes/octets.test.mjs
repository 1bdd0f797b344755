// What a question about the sockets of another node costs, in octets that the Redis is given. Prints the figures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createClient } from 'redis';
import { Node } from './support/nodes.mjs';
import { Redis } from './support/redis.mjs';

const SOCKETS = 1000;
/** What a browser says of itself. */
const BROWSER = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Accept-Language': 'en-US,en;q=0.9',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Cache-Control': 'no-cache',
  Pragma: 'no-cache',
  Origin: 'https://app.example.com',
  Cookie: `access_token=${'x'.repeat(200)}`,
};

let redis;
before(async () => { redis = await Redis.start(); });
after(() => redis.stop());

for (const mode of ['classic', 'sharded', 'streams']) {
  test(`${mode}: what is not asked for is not told`, async (t) => {
    const info = await createClient({ url: redis.url }).connect();
    const given = async () => Number(/total_net_input_bytes:(\d+)/.exec(await info.info('stats'))[1]);
    const nodes = [await Node.start('atrium', redis.url, mode), await Node.start('atrium', redis.url, mode)];
    try {
      const asker = await nodes[0].client('/chat');
      for (let i = 0; i < SOCKETS; i += 50) {
        await Promise.all(Array.from({ length: 50 }, () => nodes[1].client('/chat', { extraHeaders: BROWSER })));
      }
      const cost = async (event, options, size) => {
        const from = await given();
        const answer = await asker.ask(event, options);
        const octets = await given() - from;
        assert.equal(size(answer), SOCKETS + 1);
        t.diagnostic(`${event} ${JSON.stringify(options)} of ${SOCKETS} sockets: ${octets} octets`);
        return octets;
      };
      const all = await cost('fetch', {}, ({ length }) => length);
      const less = await cost('fetch', { less: true }, ({ length }) => length);
      const count = await cost('count', {}, (number) => number);
      assert.ok(all > SOCKETS * 600 && less < SOCKETS * 150 && count < 2000, `${all}, ${less}, ${count}`);
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
      await info.quit();
    }
  });
}
