/** Tests. */
@NullMarked
package dev.naru.cli.perf;

import org.jspecify.annotations.NullMarked;
