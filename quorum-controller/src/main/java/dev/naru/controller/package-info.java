/**
 * What the active controller does beside deciding: signs of life, fencing, elections that must
 * wait.
 */
@NullMarked
package dev.naru.controller;

import org.jspecify.annotations.NullMarked;
