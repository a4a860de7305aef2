package dev.naru.bench.versus.report;

/** Something that a reader must know to repeat or to judge the figures. */
public record Setting(String name, String value) {}
