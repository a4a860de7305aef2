/** A client that says when a cluster takes records and makes topics. */
@NullMarked
package dev.naru.bench.versus.probe;

import org.jspecify.annotations.NullMarked;
