/** Tests. */
@NullMarked
package dev.naru.cli.dev;

import org.jspecify.annotations.NullMarked;
