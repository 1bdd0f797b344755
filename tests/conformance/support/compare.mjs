// Two observations, compared field by field.

function leaves(value, path, into) {
  if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) leaves(inner, path ? `${path}.${key}` : key, into);
  } else if (value !== undefined) {
    into.set(path, value);
  }
  return into;
}

/** The fields that are not alike: [{field, official, atrium}] in the order of the fields; undefined where there is none. */
export function compare(official, atrium) {
  const theirs = leaves(official, '', new Map());
  const ours = leaves(atrium, '', new Map());
  return [...new Set([...theirs.keys(), ...ours.keys()])].sort()
    .filter((field) => theirs.get(field) !== ours.get(field))
    .map((field) => ({ field, official: theirs.get(field), atrium: ours.get(field) }));
}
