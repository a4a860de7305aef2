/** Tests. */
@NullMarked
package dev.naru.bench.versus;

import org.jspecify.annotations.NullMarked;
