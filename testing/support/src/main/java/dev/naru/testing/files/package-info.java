/**
 * The files of a node's logs as any program can read them that knows the format: written from the
 * drawings in {@code docs/formats}, without help from the code that writes them.
 */
@NullMarked
package dev.naru.testing.files;

import org.jspecify.annotations.NullMarked;
