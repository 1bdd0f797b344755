// What is measured. `load` are the words that the generator gets; `figure` makes one number of what it answers.

/** They tell nobody who is there. */
const FLOORS = ['floor-each', 'floor-turn'];

const perDelivery = ({ cpuUs, deliveries }) => cpuUs / deliveries;

/** Two nodes over a Redis, whose cost is not in the figure: the relay alone, by the library. */
function nodes(mode, targets) {
  const shared = { mode, nodes: 2 };
  return [
    {
      ...shared,
      id: `nodes-rooms-${mode}`,
      title: `two nodes over Redis (${mode}), typing relay, 10 rooms of 100, 4 events in flight`,
      unit: 'us of CPU of both servers per delivery',
      sockets: 1000,
      load: ['relay', 'typing', 10, 4],
      figure: perDelivery,
      target: targets.rooms,
    },
    {
      ...shared,
      id: `nodes-pairs-${mode}`,
      title: `two nodes over Redis (${mode}), typing relay, 100 rooms of 2, 4 events in flight`,
      unit: 'us of CPU of both servers per delivery',
      sockets: 200,
      load: ['relay', 'typing', 100, 4],
      figure: perDelivery,
      target: targets.pairs,
    },
    {
      ...shared,
      id: `nodes-messages-${mode}`,
      title: `two nodes over Redis (${mode}), message:send without a database, 20 rooms of 10, 20 in flight: 99th percentile`,
      unit: 'ms',
      sockets: 200,
      load: ['relay', 'message', 20, 20],
      figure: ({ p99Us }) => p99Us / 1000,
      target: targets.p99,
    },
  ];
}

/** The same by the whole chat: presence, order and a database on disk that both nodes write. Node has none of that. */
function chatNodes(targets) {
  return nodes('classic', targets).map((row) => ({
    ...row,
    chat: true,
    id: row.id.replace('nodes-', 'chat-nodes-'),
    title: row.title.replace('two nodes over Redis (classic)', 'two nodes of the chat').replace('without a database', 'committed to SQLite'),
  }));
}

export const rows = [
  {
    id: 'one-room',
    title: 'typing relay, 1 room of 1 000, 4 events in flight',
    unit: 'us of server CPU per delivery',
    sockets: 1000,
    load: ['relay', 'typing', 1, 4],
    figure: perDelivery,
    target: { times: 1.15, of: 'floor-turn' },
  },
  {
    id: 'two-shards',
    title: 'the same with two shards',
    unit: 'us of server CPU per delivery',
    from: 'one-room',
    without: [...FLOORS, 'node', 'atrium-1'],
    figure: perDelivery,
    target: { times: 1.15, of: 'atrium-1', row: 'one-room', for: 'atrium-2' },
  },
  {
    id: 'one-room-single',
    title: 'typing relay, 1 room of 1 000, 1 event in flight',
    unit: 'us of server CPU per delivery',
    sockets: 1000,
    load: ['relay', 'typing', 1, 1],
    figure: perDelivery,
    target: { times: 1.15, of: 'floor-each' },
  },
  {
    id: 'small-rooms',
    title: 'typing relay, 100 rooms of 10, 2 events in flight',
    unit: 'us of server CPU per delivery',
    sockets: 1000,
    load: ['relay', 'typing', 100, 2],
    figure: perDelivery,
    target: { times: 1.25, of: 'floor-each' },
  },
  {
    id: 'messages',
    title: 'message:send, 20 rooms of 10, 20 in flight (Atrium commits to SQLite first)',
    unit: 'us of server CPU per delivery',
    sockets: 200,
    load: ['relay', 'message', 20, 20],
    onDisk: true,
    figure: perDelivery,
    target: { times: 1.5, of: 'floor-each' },
  },
  {
    id: 'messages-p99',
    title: 'the same: from sending to the last delivery, 99th percentile',
    unit: 'ms',
    from: 'messages',
    without: FLOORS,
    figure: ({ p99Us }) => p99Us / 1000,
    target: { times: 1, of: 'node' },
  },
  {
    id: 'connect',
    title: 'connect, authenticate, be welcomed and go, one after the other',
    unit: 'us of server CPU per connection',
    sockets: 50,
    load: ['connect'],
    figure: ({ cpuUs, connections }) => cpuUs / connections,
    target: { most: 100 },
  },
  {
    id: 'idle',
    title: 'idle authenticated connection in one channel, of 10 000 in 1 000 channels',
    unit: 'bytes of RSS',
    sockets: 10_100,
    load: ['idle', 1000],
    without: ['node'], // which would tell each of the others, fifty million frames
    restMs: { 'atrium-1': 20_000, 'atrium-2': 20_000 }, // a heartbeat of each
    onDisk: true,
    figure: ({ rssBytes, connections }) => rssBytes / connections,
    target: { most: 2500 },
  },
  {
    id: 'heartbeats',
    title: 'the same: what nothing but heartbeats costs',
    unit: '% of a core',
    from: 'idle',
    without: [...FLOORS, 'node'],
    figure: ({ restCpuUs, restWallUs }) => (100 * restCpuUs) / restWallUs,
    target: { most: 1 },
  },
  {
    id: 'start',
    title: 'from the start of the program until it listens',
    unit: 'ms',
    from: 'connect',
    without: [],
    figure: ({ startMs }) => startMs,
    target: { most: 200 },
  },
  {
    id: 'crowd',
    title: '1 000 users connect, 32 at a time, and all see each other',
    unit: 's of server CPU',
    from: 'one-room', // its beginning
    without: FLOORS,
    figure: ({ enterCpuUs }) => enterCpuUs / 1e6,
    target: { most: 0.15 },
  },
  {
    id: 'crowd-frames',
    title: 'the same',
    unit: 'frames sent by the server',
    from: 'one-room',
    without: FLOORS,
    figure: ({ enterFrames }) => enterFrames,
    target: { most: 20_000 },
  },
  {
    id: 'crowd-each',
    title: 'the same',
    unit: 'us of server CPU per user',
    from: 'one-room',
    without: FLOORS,
    figure: ({ enterCpuUs, users }) => enterCpuUs / users,
    target: { times: 1, of: 'node' },
  },
  {
    id: 'crowd-welcome',
    title: 'the same: from opening a connection to its welcome, 99th percentile',
    unit: 'ms',
    from: 'one-room',
    without: FLOORS,
    figure: ({ welcomeP99Us }) => welcomeP99Us / 1000,
    target: { times: 1, of: 'node' },
  },
  {
    id: 'crowd-10000',
    title: '10 000 users connect, 32 at a time, and all know how many they are',
    unit: 'us of server CPU per user',
    sockets: 10_000,
    load: ['enter'],
    window: 32,
    without: [...FLOORS, 'node'], // which would send fifty million frames
    figure: ({ enterCpuUs, users }) => enterCpuUs / users,
    target: { times: 1.5, of: 'atrium-1', row: 'crowd-each' },
  },
  {
    id: 'rush-10000',
    title: '10 000 users connect, 1 000 at a time: from opening a connection to its welcome, 99th percentile',
    unit: 'ms',
    sockets: 10_000,
    load: ['enter'],
    window: 1000,
    without: [...FLOORS, 'node'],
    figure: ({ welcomeP99Us }) => welcomeP99Us / 1000,
    target: { none: 'that none fails' },
  },
  ...nodes('classic', { rooms: { most: 4 }, pairs: { most: 20 }, p99: { most: 5 } }),
  ...chatNodes({ rooms: { most: 4 }, pairs: { most: 20 }, p99: { most: 5 } }),
  ...nodes('sharded', { rooms: { times: 1, of: 'node' }, pairs: { times: 1, of: 'node' }, p99: { times: 1, of: 'node' } }),
];

/** What the targets name and this bench cannot run. */
export const notRun = [['node+uws', 'uWebSockets.js is not in the npm registry']];
