package dev.naru.chaos.fault;

import dev.naru.chaos.host.NodeHost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Whom a fault hits. */
enum Victims {
  LEADER {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      return List.of(stage.leader(dice));
    }
  },
  FOLLOWER {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      return List.of(stage.follower(dice));
    }
  },
  CONTROLLER {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      return List.of(stage.controller());
    }
  },
  /** The leader of the partition in which the group's offsets are. */
  COORDINATOR {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      return List.of(stage.coordinator());
    }
  },
  ANYBODY {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      return List.of(stage.anybody(dice));
    }
  },
  MAJORITY {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      var all = ALL.of(stage, dice);
      return all.subList(0, all.size() / 2 + 1);
    }
  },
  /** In any order. */
  ALL {
    @Override
    List<NodeHost> of(Stage stage, Random dice) {
      var all = new ArrayList<>(stage.cluster().hosts());
      Collections.shuffle(all, dice);
      return all;
    }
  };

  abstract List<NodeHost> of(Stage stage, Random dice);
}
