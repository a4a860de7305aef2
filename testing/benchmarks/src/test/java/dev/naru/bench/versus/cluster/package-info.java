/** Tests. */
@NullMarked
package dev.naru.bench.versus.cluster;

import org.jspecify.annotations.NullMarked;
