/** Tests. */
@NullMarked
package dev.naru.bench.versus.report;

import org.jspecify.annotations.NullMarked;
