package dev.naru.broker.group;

/**
 * Decides who should read what. Every partition goes to one member that wants its topic, if there
 * is one. The same input gives the same target, and a target that is given back as the present one
 * comes out as it went in: whoever asks twice moves nothing.
 */
public interface Assignor {

  /** The name under which members ask for it. */
  String name();

  /** Who should read what. */
  Target assign(AssignorInput input);
}
