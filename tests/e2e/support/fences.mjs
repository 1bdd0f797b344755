// Fences prove that something did NOT happen without sleeping: a later event of the same kind, which the server must
// deliver after the unwanted one, has arrived.
import { Client } from './client.mjs';

let fences = 0;
const newcomer = () => `fence${process.pid}x${++fences}`;

/**
 * A stranger comes online and each observer hears of it: presence changes made before it have been told by then.
 * The stranger leaves again at once, and the record keeps no trace of either.
 */
export async function presenceFence(server, ...observers) {
  const stranger = await Client.open(server, newcomer());
  const { userId } = stranger.welcome;
  for (const observer of observers) await observer.next('presence:online', { userId });
  stranger.leave();
  for (const observer of observers) await observer.next('presence:offline', { userId });
}

/**
 * A stranger connects and loses its connection; after the presence grace each observer hears that it is offline. All
 * graces are of one length, so a grace that began earlier is over too.
 */
export async function graceFence(server, ...observers) {
  const stranger = await Client.open(server, newcomer());
  const { userId } = stranger.welcome;
  for (const observer of observers) await observer.next('presence:online', { userId });
  stranger.sever();
  for (const observer of observers) await observer.next('presence:offline', { userId });
}

/** `speaker` says something in the channel and each observer hears it: what it did there before has been told by then. */
export async function messageFence(channelId, speaker, ...observers) {
  const { messageId } = await speaker.say(channelId, `fence ${++fences}`);
  for (const client of new Set([speaker, ...observers])) await client.next('message:new', { messageId });
}
