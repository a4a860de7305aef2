package dev.naru.cli;

/** A command that only gathers others and does nothing without one of them. */
public interface Group {}
