import assert from "node:assert/strict";
import { test } from "node:test";
import { textParts } from "../src/rich-text";

const shape = (text: string) => textParts(text).map((part) => `${part.kind}:${part.text}`);

test("addresses become links, without the punctuation of the sentence around them", () => {
  assert.deepEqual(shape("See https://example.com/a?b=1. (Or http://example.org/x)"), [
    "text:See ", "link:https://example.com/a?b=1", "text:. (Or ", "link:http://example.org/x", "text:)",
  ]);
  assert.deepEqual(shape("https://example.com/a_(b)"), ["link:https://example.com/a_(b)"]);
});

test("only http and https are links", () => {
  assert.deepEqual(shape("javascript:alert(1) ftp://example.com"), ["text:javascript:alert(1) ftp://example.com"]);
});

test("code is set apart, and addresses in it stay text", () => {
  assert.deepEqual(shape("run `curl https://example.com` now"), ["text:run ", "code:curl https://example.com", "text: now"]);
  assert.deepEqual(shape("a ` b"), ["text:a ` b"]);
});

test("nothing gives nothing", () => {
  assert.deepEqual(shape(""), []);
});
