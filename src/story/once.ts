/**
 * A fact that is worked out at the first question and kept for as long as its subject lives. The subject (a story, a
 * server, an exchange) must not change afterwards, and the fact is not to be changed by whoever asks: all rules share it.
 */
export function oncePer<Subject extends WeakKey, Fact>(
  workOut: (subject: Subject) => Fact,
): (subject: Subject) => Fact {
  const known = new WeakMap<Subject, Fact>();
  return (subject) => {
    const kept = known.get(subject);
    if (kept !== undefined || known.has(subject)) return kept as Fact;
    const fact = workOut(subject);
    known.set(subject, fact);
    return fact;
  };
}
