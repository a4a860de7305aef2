package dev.naru.testing.history;

/** One thing that must hold. Each looks at everything, and leaves it as it was. */
interface Check {

  void look(Account account, Findings findings);
}
