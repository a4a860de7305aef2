/** Tests. */
@NullMarked
package dev.naru.cli.records;

import org.jspecify.annotations.NullMarked;
