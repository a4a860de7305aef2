/** Tests. */
@NullMarked
package dev.naru.cli.output;

import org.jspecify.annotations.NullMarked;
