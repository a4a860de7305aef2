package dev.naru.broker.config;

/** How a listener protects what passes through it. */
public enum ListenerSecurity {
  /** Not at all: for loopback, or where the file says so in words. */
  PLAINTEXT,
  /** TLS with the node's certificate. */
  TLS,
  /** TLS with certificates on both sides. */
  MTLS
}
