/** Tests. */
@NullMarked
package dev.naru.cli.text;

import org.jspecify.annotations.NullMarked;
