// Pages of other sites (Fetch standard, "CORS protocol"): Access-Control headers on every answer, and preflights.
const HERE = { Origin: 'http://page.example' };
const GOOD = 'EIO=4&transport=polling';
const asked = (name, query, options, server) => ({
  name: `cors: ${name}`,
  server,
  feature: 'cors',
  run: (peer) => peer.request(query, options),
});

const preflight = (headers) => ({ method: 'OPTIONS', headers: { ...HERE, ...headers } });

export default ['open', 'credentials'].flatMap((server) => {
  const cors = (name, query, options) => asked(server === 'open' ? name : `${name}, with credentials`, query, options, server);
  return [
    cors('a handshake of a page', GOOD, { headers: HERE }),
    cors('a handshake of a page of the wrong site', GOOD, { headers: { Origin: 'http://elsewhere.example' } }),
    cors('a handshake of no page', GOOD),
    cors('a preflight', GOOD, preflight({ 'Access-Control-Request-Method': 'POST' })),
    cors('a preflight that asks for headers', GOOD, preflight({
      'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,x-own',
    })),
    cors('a preflight that asks for nothing', GOOD, preflight()),
    cors('a preflight of the wrong site', GOOD, { method: 'OPTIONS', headers: { Origin: 'http://elsewhere.example' } }),
    cors('a preflight without a query', '', preflight({ 'Access-Control-Request-Method': 'GET' })),
    cors('a preflight for an unknown session', `${GOOD}&sid=AAAAAAAAAAAAAAAAAAAA`, preflight()),
    cors('a refusal', 'EIO=4&transport=abc', { headers: HERE }),
    cors('a refusal of an unknown session', `${GOOD}&sid=AAAAAAAAAAAAAAAAAAAA`, { headers: HERE }),
    {
      name: `cors: a session of a page${server === 'open' ? '' : ', with credentials'}`,
      server,
      feature: 'cors',
      run: async (peer) => {
        const session = await peer.polling(GOOD, { headers: HERE });
        const post = await session.post(server === 'open' ? '4hello' : '40', { headers: HERE });
        return { opened: session.opened, post, poll: await session.get({ headers: HERE }) };
      },
    },
  ];
});
