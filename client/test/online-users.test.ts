import assert from "node:assert/strict";
import { test } from "node:test";
import { OnlineUsers } from "../src/online-users";

const alice = { userId: "alice", userName: "Alice" };
const bob = { userId: "bob", userName: "Bob" };
const carol = { userId: "carol", userName: "Carol" };
const ids = (online: OnlineUsers) => [...online.names().keys()];

test("events alone tell who is online; coming twice counts once", () => {
  const online = new OnlineUsers();
  online.came(alice);
  online.came(bob);
  online.came(alice);
  assert.deepEqual([...online.names()], [["alice", "Alice"], ["bob", "Bob"]]);
  online.went("alice");
  online.went("nobody");
  assert.deepEqual(ids(online), ["bob"]);
});

test("a snapshot adds those who were there before", () => {
  const online = new OnlineUsers();
  online.came(alice);
  online.snapshotAsked()([alice, bob]);
  assert.deepEqual(ids(online), ["alice", "bob"]);
});

test("who left while the snapshot was under way stays away", () => {
  const online = new OnlineUsers();
  const fill = online.snapshotAsked();
  online.came(bob);
  online.went("bob");
  online.went("carol");
  fill([alice, bob, carol]);
  assert.deepEqual(ids(online), ["alice"]);
});

test("the name an event gave is newer than the snapshot's", () => {
  const online = new OnlineUsers();
  const fill = online.snapshotAsked();
  online.came({ userId: "bob", userName: "Robert" });
  fill([bob]);
  assert.equal(online.names().get("bob"), "Robert");
});

test("a snapshot of an earlier session, or one asked for before another, is ignored", () => {
  const online = new OnlineUsers();
  const stale = online.snapshotAsked();
  online.clear();
  stale([alice]);
  assert.deepEqual(ids(online), []);

  const first = online.snapshotAsked();
  const second = online.snapshotAsked();
  first([alice]);
  second([bob]);
  assert.deepEqual(ids(online), ["bob"]);
});

test("names() is a copy: a view keeps what it was given", () => {
  const online = new OnlineUsers();
  online.came(alice);
  const names = online.names();
  online.came(bob);
  assert.equal(names.size, 1);
});
