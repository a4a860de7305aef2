/** What nodes cost while nobody uses them. */
@NullMarked
package dev.naru.bench.idle;

import org.jspecify.annotations.NullMarked;
