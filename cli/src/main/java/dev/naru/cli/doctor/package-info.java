/** What {@code naru doctor} looks at, and what it says of it. */
@NullMarked
package dev.naru.cli.doctor;

import org.jspecify.annotations.NullMarked;
