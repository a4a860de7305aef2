package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupConfig;
import java.time.Duration;

/**
 * How a node coordinates groups.
 *
 * @param bounds what members may ask for
 * @param grace what every member gets on top after a change of coordinator: for so long the one
 *     before may have answered without knowing of its successor
 * @param leaveDelay how long the place of a member that left is kept; zero: not at all
 */
public record ShardConfig(GroupConfig bounds, Duration grace, Duration leaveDelay) {}
