/** Tests. */
@NullMarked
package dev.naru.cli.json;

import org.jspecify.annotations.NullMarked;
