package dev.assent.coordinator.config;

import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks settings against each other, after each was checked by itself; what is missing is left out. */
final class Relations {
    private final RawConfig raw;
    private final Settings settings;
    private final Location whole;
    private final List<Mistake> mistakes = new ArrayList<>();

    Relations(RawConfig raw, Settings settings, Location whole) {
        this.raw = raw;
        this.settings = settings;
        this.whole = whole;
    }

    /** @param members empty if they had mistakes of their own */
    List<Mistake> check(List<Member> members) {
        ordered(Keys.TIMEOUT, Keys.TIMEOUT_CAP, true);
        ordered(Keys.ELECTION_TIMEOUT_MIN, Keys.ELECTION_TIMEOUT_MAX, false);
        MemberCheck.firstClash(members).ifPresent(clash -> {
            Location where = raw.members().get(clash.index()).where();
            add(where, Keys.MEMBERS + "[" + clash.index() + "]", clash.what(), "ids and addresses of its own");
        });
        settings.find(Keys.NODE_ID).ifPresent(id -> ownEntry(id, members));
        return mistakes;
    }

    private <C extends Comparable<C>> void ordered(Key<C> smaller, Key<C> larger, boolean mayBeEqual) {
        Optional<C> low = settings.find(smaller);
        Optional<C> high = settings.find(larger);
        if (low.isEmpty() || high.isEmpty()) {
            return;
        }
        int order = low.get().compareTo(high.get());
        if (order > 0 || (order == 0 && !mayBeEqual)) {
            // The one that somebody wrote is the one to look at; the other may be a default.
            Key<C> written = raw.find(smaller.path()).isPresent() ? smaller : larger;
            String what = text(smaller) + " is " + (order == 0 ? "not below " : "over ") + larger.path() + ", which is "
                    + text(larger);
            String allowed = smaller.path() + (mayBeEqual ? " at most " : " below ") + larger.path();
            add(where(written), written.path(), what, allowed);
        }
    }

    private void ownEntry(NodeId id, List<Member> members) {
        if (members.isEmpty()) {
            return;
        }
        Optional<Member> self =
                members.stream().filter(member -> member.id().equals(id)).findFirst();
        if (self.isEmpty()) {
            String ids = members.stream().map(member -> member.id().value()).collect(Collectors.joining(", "));
            add(where(Keys.NODE_ID), Keys.NODE_ID.path(), "'" + id + "' is none of the members", ids);
            return;
        }
        int clientPort = settings.find(Keys.CLIENT_PORT).orElse(self.get().clientPort());
        int raftPort = settings.find(Keys.RAFT_PORT).orElse(self.get().raftPort());
        if (clientPort == raftPort) {
            Key<Integer> written = raw.find(Keys.RAFT_PORT.path()).isPresent() ? Keys.RAFT_PORT : Keys.CLIENT_PORT;
            add(where(written), written.path(), "client and raft port are both " + clientPort, "two different ports");
        }
    }

    private String text(Key<?> key) {
        return raw.find(key.path()).map(RawConfig.Value::text).orElse(key.standard() + " by default");
    }

    private Location where(Key<?> key) {
        return raw.find(key.path()).map(RawConfig.Value::where).orElse(whole);
    }

    private void add(Location where, String key, String what, String allowed) {
        mistakes.add(new Mistake(where, key, what, allowed));
    }
}
