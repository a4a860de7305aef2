package dev.naru.cli.output;

/** {@code --output}. The table is for people and may change; the others are for programs. */
public enum OutputFormat {
  TABLE,
  WIDE,
  JSON,
  JSONL,
  YAML,
  NAME
}
