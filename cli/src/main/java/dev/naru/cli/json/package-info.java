/** JSON as a small tree, its two ways to text, and YAML. */
@NullMarked
package dev.naru.cli.json;

import org.jspecify.annotations.NullMarked;
