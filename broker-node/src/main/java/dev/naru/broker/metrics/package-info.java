/** What a node counts, and the registry behind its metrics page. */
@NullMarked
package dev.naru.broker.metrics;

import org.jspecify.annotations.NullMarked;
