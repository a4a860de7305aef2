/** Tests. */
@NullMarked
package dev.naru.bench.versus.result;

import org.jspecify.annotations.NullMarked;
