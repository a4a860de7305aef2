/** Tests. */
@NullMarked
package dev.naru.bench.versus.probe;

import org.jspecify.annotations.NullMarked;
