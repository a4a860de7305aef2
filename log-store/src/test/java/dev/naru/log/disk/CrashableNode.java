package dev.naru.log.disk;

/** A file or a directory of a {@link CrashableDisk}. */
sealed interface CrashableNode permits CrashableFile, CrashableDirectory, CrashableNode.Nothing {

  /** What is found where nothing is. */
  record Nothing() implements CrashableNode {}
}
