package dev.assent.coordinator.config;

import dev.assent.protocol.coordinator.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds members that cannot live side by side. */
final class MemberCheck {
    /**
     * Two members that clash, or one that clashes with itself.
     *
     * @param index of the later one
     * @param what names both
     */
    record Clash(int index, String what) {}

    private MemberCheck() {}

    static Optional<Clash> firstClash(List<Member> members) {
        Map<NodeId, Integer> ids = new HashMap<>();
        Map<String, NodeId> addresses = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (ids.putIfAbsent(member.id(), i) != null) {
                return Optional.of(new Clash(i, "two members have the id '" + member.id() + "'"));
            }
            for (String address : List.of(member.clientAddress(), member.raftAddress())) {
                NodeId other = addresses.putIfAbsent(address, member.id());
                if (other != null) {
                    return Optional.of(
                            new Clash(i, "'" + member.id() + "' and '" + other + "' share the address " + address));
                }
            }
        }
        return Optional.empty();
    }
}
