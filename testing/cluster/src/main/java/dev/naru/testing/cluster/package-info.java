/** A cluster of real nodes in the JVM of a test: real consensus, real sockets, real files. */
@NullMarked
package dev.naru.testing.cluster;

import org.jspecify.annotations.NullMarked;
