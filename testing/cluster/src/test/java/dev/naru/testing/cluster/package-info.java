/** Tests of whole clusters, through nothing but the wire. */
@NullMarked
package dev.naru.testing.cluster;

import org.jspecify.annotations.NullMarked;
