"""What a Python client says to and hears from the conversation program: the same as the JavaScript clients of
clients.test.mjs. Prints one line for each claim that held; ends with 1 and words at the first that did not."""

import os
import queue
import sys
import traceback

import socketio

SOON = 10  # seconds


class Person:
    """A client that notes what it hears."""

    def __init__(self, url, transports, auth=None, namespace="/"):
        self.namespace = namespace
        self.heard = queue.Queue()
        self.client = socketio.Client(reconnection=False)
        for event in ("auth", "message-back", "answered", "said", "gone"):
            self.client.on(event, self.noting(event), namespace=namespace)
        self.client.on("connect", lambda: self.heard.put(["connect"]), namespace=namespace)
        self.client.on("disconnect", lambda: self.heard.put(["disconnect"]), namespace=namespace)
        self.client.on("connect_error", lambda data: self.heard.put(["connect_error", data]), namespace=namespace)
        self.client.on("question", lambda *args: ("the answer to", *args), namespace=namespace)
        self.url, self.transports, self.auth = url, transports, auth

    def noting(self, event):
        return lambda *args: self.heard.put([event, *args])

    def connect(self):
        self.client.connect(self.url, transports=self.transports, auth=self.auth, namespaces=[self.namespace], wait=False)
        return self

    def hears(self, *wanted):
        """The next thing that is heard is this."""
        got = self.heard.get(timeout=SOON)
        if got != list(wanted):
            raise AssertionError(f"heard {str(got)[:300]} instead of {str(wanted)[:300]}")

    def emit(self, *event):
        self.client.emit(event[0], event[1:], namespace=self.namespace)

    def ask(self, *event):
        return self.client.call(event[0], event[1:], namespace=self.namespace, timeout=SOON)

    def id(self):
        return self.client.get_sid(self.namespace)

    def leave(self):
        self.client.disconnect()


def claim(words):
    print(words, flush=True)


def conversation(url, transports):
    how = " and ".join(transports)
    ann = Person(url, transports, {"token": "123", "name": "żółw"}).connect()
    ann.hears("connect")
    ann.hears("auth", {"token": "123", "name": "żółw"})
    claim(f"{how}: connects and is told what it introduced itself with")

    ann.emit("message", 1, "2", [3, {"four": None}])
    ann.hears("message-back", 1, "2", [3, {"four": None}])
    claim(f"{how}: events in both directions")

    assert ann.ask("message-with-ack", "a", 1) == ("a", 1)
    ann.emit("ask-me", 7)
    ann.hears("answered", "the answer to", 7)
    claim(f"{how}: acknowledgements in both directions")

    ann.emit("message", b"\x01\x02\xff", {"inside": b"\x00"})
    ann.hears("message-back", b"\x01\x02\xff", {"inside": b"\x00"})
    assert ann.ask("message-with-ack", b"\x09" * 1000) == b"\x09" * 1000
    claim(f"{how}: octets in both directions")

    ann.emit("message", "x" * 200_000)
    ann.hears("message-back", "x" * 200_000)
    claim(f"{how}: a big message")

    bob = Person(url, transports).connect()
    bob.hears("connect")
    bob.hears("auth", {})
    assert bob.ask("join", "python") == "joined" and ann.ask("join", "python") == "joined"
    ann.emit("say", "python", "hello", b"\x05")
    bob.hears("said", "hello", b"\x05")
    ann.emit("say-to-all", "python", "everybody")
    ann.hears("said", "everybody")
    bob.hears("said", "everybody")
    assert bob.ask("leave", "python") == "left"
    claim(f"{how}: rooms")

    assert ann.ask("join", "watching " + bob.id()) == "joined"
    gone = bob.id()
    bob.leave()
    _, who, reason = ann.heard.get(timeout=SOON)
    # This client may hang up before its goodbye has left.
    assert who == gone and reason in ("client namespace disconnect", "transport close"), reason
    claim(f"{how}: a goodbye is heard")

    ann.emit("end-me", "connection")
    ann.hears("disconnect")
    claim(f"{how}: is disconnected by the server")


def guarded(url, transports):
    how = " and ".join(transports)
    person = Person(url, transports, {"token": "wrong"}, "/guarded")
    person.connect()
    person.hears("connect_error", {"message": "who are you"})
    person.leave()
    claim(f"{how}: is turned away from a namespace")
    person = Person(url, transports, {"token": "secret"}, "/guarded").connect()
    person.hears("connect")
    person.hears("auth", {"token": "secret"})
    assert person.ask("message-with-ack", 1) == 1
    claim(f"{how}: is let into a namespace")
    person.leave()


if __name__ == "__main__":
    try:
        for transports in (["websocket"], ["polling"], ["polling", "websocket"]):
            conversation(sys.argv[1], transports)
            guarded(sys.argv[1], transports)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # the threads of a client that is still connected would keep the process
