/** What was measured, and what it is measured against. */
@NullMarked
package dev.naru.bench.versus.result;

import org.jspecify.annotations.NullMarked;
