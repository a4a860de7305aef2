@NullMarked
package dev.naru.cli.doctor;

import org.jspecify.annotations.NullMarked;
