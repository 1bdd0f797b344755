import assert from "node:assert/strict";
import { test } from "node:test";
import { dayKey, dayLabel } from "../src/dates";

const now = new Date(2025, 2, 1, 0, 30);
const at = (year: number, month: number, day: number, hour = 12) => new Date(year, month - 1, day, hour).toISOString();

test("today and yesterday have names, over the end of a month, too", () => {
  assert.equal(dayLabel(at(2025, 3, 1, 0), now), "Today");
  assert.equal(dayLabel(at(2025, 2, 28, 23), now), "Yesterday");
});

test("other days are dates, with the year where it is another", () => {
  assert.match(dayLabel(at(2025, 2, 20), now), /20/);
  assert.doesNotMatch(dayLabel(at(2025, 2, 20), now), /2025/);
  assert.match(dayLabel(at(2024, 2, 20), now), /2024/);
});

test("the key of a day is the local day's", () => {
  assert.equal(dayKey(at(2025, 3, 1, 0)), dayKey(at(2025, 3, 1, 23)));
  assert.notEqual(dayKey(at(2025, 3, 1, 23)), dayKey(at(2025, 3, 2, 0)));
});
