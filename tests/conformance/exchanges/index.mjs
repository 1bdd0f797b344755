// All exchanges, in the order in which they are held.
import binary from './binary.mjs';
import cookies from './cookies.mjs';
import cors from './cors.mjs';
import eio3 from './eio3.mjs';
import endings from './endings.mjs';
import heartbeat from './heartbeat.mjs';
import namespaces from './namespaces.mjs';
import packets from './packets.mjs';
import polling from './polling.mjs';
import refusals from './refusals.mjs';
import upgrade from './upgrade.mjs';
import websocket from './websocket.mjs';

export const EXCHANGES = [
  ...refusals, ...polling, ...websocket, ...upgrade, ...heartbeat, ...namespaces, ...packets, ...binary, ...endings,
  ...cors, ...cookies, ...eio3,
];
