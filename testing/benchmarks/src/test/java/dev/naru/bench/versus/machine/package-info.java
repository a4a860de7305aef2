/** Tests. */
@NullMarked
package dev.naru.bench.versus.machine;

import org.jspecify.annotations.NullMarked;
