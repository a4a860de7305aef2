package dev.naru.broker.config;

/** Where a value was written. */
public sealed interface Origin {

  /** As people are told: {@code line 14}, {@code NARU_NODE_ID}, {@code --set}. */
  String describe();

  /** A line of the file, counted from one. */
  record FileLine(int line) implements Origin {
    @Override
    public String describe() {
      return "line " + line;
    }
  }

  /** An environment variable. */
  record Variable(String name) implements Origin {
    @Override
    public String describe() {
      return name;
    }
  }

  /** The metadata log. */
  record WhileRunning() implements Origin {
    @Override
    public String describe() {
      return "set while nodes run";
    }
  }

  /** The command line. */
  record Flag() implements Origin {
    @Override
    public String describe() {
      return "--set";
    }
  }
}
