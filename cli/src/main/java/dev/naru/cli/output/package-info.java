/** What goes to stdout and to stderr, and in which form. */
@NullMarked
package dev.naru.cli.output;

import org.jspecify.annotations.NullMarked;
