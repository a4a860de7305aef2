package dev.naru.client.admin;

/**
 * Offsets that are given up.
 *
 * @param from the first that may be lost
 * @param to the greatest end known of what is lost: the range ends before it
 * @param isExact true: nothing else that was acknowledged can be lost; false: the loss may reach
 *     beyond, as nobody who holds all of it has been heard
 */
public record LossRange(long from, long to, boolean isExact) {}
