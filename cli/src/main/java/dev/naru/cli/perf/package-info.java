/** Load, and how long it took. */
@NullMarked
package dev.naru.cli.perf;

import org.jspecify.annotations.NullMarked;
