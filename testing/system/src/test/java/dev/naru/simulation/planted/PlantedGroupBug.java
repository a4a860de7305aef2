package dev.naru.simulation.planted;

import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.coordinator.Standing;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.group.Hold;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantLog;
import dev.naru.client.core.Held;
import dev.naru.client.core.MemberMessage;
import dev.naru.client.core.Membership;
import dev.naru.simulation.GroupSeams;
import dev.naru.simulation.planted.WrongShards.Fast;
import dev.naru.simulation.planted.WrongShards.FromItsStart;
import dev.naru.simulation.planted.WrongShards.Hasty;
import dev.naru.simulation.planted.WrongShards.WithoutDeletions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What systems of this kind have got wrong about groups: at the coordinator, or at a member. */
public enum PlantedGroupBug implements Planted {

  /** I24: a partition is handed out while another member has it. */
  GRANTS_WHAT_ANOTHER_HOLDS(1, "OneOwner") {
    @Override
    public GroupSeams groups() {
      return deciding(
          new Wrong() {
            @Override
            public boolean mayGrant(Optional<MemberId> holder) {
              return true;
            }
          });
    }
  },

  /** A commit counts whoever sends it. */
  KEEPS_OFFSETS_OF_ANYBODY(9, "CommitFencing") {
    @Override
    public GroupSeams groups() {
      return deciding(
          new Wrong() {
            @Override
            public boolean mayCommit(Optional<Hold> hold, int toldEpoch) {
              return true;
            }
          });
    }
  },

  /** Checklist 41: an offset goes when it is old, whether its group works or not. */
  FORGETS_OFFSETS_IN_USE(44, "NoOffsetForgotten") {
    @Override
    public GroupSeams groups() {
      return deciding(
          new Wrong() {
            @Override
            public boolean mayForget(
                GroupImage image, Committed committed, Duration retention, long nowMillis) {
              return nowMillis - committed.commitMillis() >= retention.toMillis();
            }
          });
    }
  },

  /** Checklist 40: a coordinator answers before it has read what others wrote. */
  ANSWERS_BEFORE_IT_HAS_LOADED(1, "NeverBeforeLoaded CommittedOffset OneOwner ReplayEqualsImage") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public TenantLog log(TenantLog log) {
          return new FromItsStart(log);
        }
      };
    }
  },

  /** Checklist 44: what was written is told before it is committed. */
  TELLS_WHAT_IS_NOT_COMMITTED(1, "CommittedOffset OneOwner ReplayEqualsImage") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public Tenant shard(Tenant shard, TenantLog log) {
          return new Hasty(shard, log);
        }
      };
    }
  },

  /** Sessions go by a clock that somebody sets right, a little each second. */
  COUNTS_SESSIONS_BY_A_CLOCK_THAT_IS_SET(13, "OneOwner") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public Tenant shard(Tenant shard, TenantLog log) {
          return new Fast(shard);
        }
      };
    }
  },

  /** A coordinator that others have left goes on prolonging leases. */
  PROLONGS_LEASES_WITHOUT_KNOWING_THAT_IT_LEADS(198, "OneOwner") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public Standing standing(Standing standing) {
          return () -> true;
        }
      };
    }
  },

  /** The log of groups does not say that a member is gone. */
  WRITES_NO_DELETIONS(1, "ReplayEqualsImage CommittedOffset OneOwner Settles") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public GroupLogFormat format(GroupLogFormat format) {
          return new WithoutDeletions(format);
        }
      };
    }
  },

  /** A member that was told to give something back says that it has, before it has. */
  SAYS_THAT_IT_HAS_DONE_WHAT_IT_WAS_TOLD(1, "OneOwner") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public MemberMessage said(MemberMessage message, Membership member) {
          return message instanceof MemberMessage.Heartbeat
              ? new MemberMessage.Holding(new Held(0, member.epoch(), new TreeSet<>()))
              : message;
        }
      };
    }
  },

  /** A member begins at the end of a partition that is younger than its group. */
  BEGINS_AT_THE_END_OF_WHAT_IS_NEW(4, "NothingSkipped") {
    @Override
    public GroupSeams groups() {
      return new Seams() {
        @Override
        public boolean isFromStart(boolean told) {
          return false;
        }
      };
    }
  };

  private final long pinnedSeed;
  private final String convictedBy;

  PlantedGroupBug(long pinnedSeed, String convictedBy) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
  }

  private static GroupSeams deciding(GroupRules rules) {
    return new Seams() {
      @Override
      public GroupRules rules() {
        return rules;
      }
    };
  }

  @Override
  public abstract GroupSeams groups();

  @Override
  public World world() {
    return World.GROUPS;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }

  private static class Wrong extends GroupRules {}

  private static class Seams extends GroupSeams {}
}
