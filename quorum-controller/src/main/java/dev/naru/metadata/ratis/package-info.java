/** The metadata log on Apache Ratis; the only package that knows Ratis. */
@NullMarked
package dev.naru.metadata.ratis;

import org.jspecify.annotations.NullMarked;
