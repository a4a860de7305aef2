/** The command against a cluster in this JVM. */
@NullMarked
package dev.naru.cli;

import org.jspecify.annotations.NullMarked;
