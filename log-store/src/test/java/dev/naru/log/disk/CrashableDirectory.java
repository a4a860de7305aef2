package dev.naru.log.disk;

import java.util.TreeMap;

/**
 * A directory in two layers: the names that are seen, and those that a power loss leaves for
 * certain. Two are the same only if they are one.
 */
final class CrashableDirectory implements CrashableNode {

  final TreeMap<String, CrashableNode> now = new TreeMap<>();
  final TreeMap<String, CrashableNode> durable = new TreeMap<>();
}
