package dev.assent.simulation;

import java.util.ArrayList;
import java.util.List;

/** The last commits of prepared branches in one database: those that it may lose. */
final class Commits {
    private final DatabaseKind kind;
    private final List<LocalTransaction> unforced = new ArrayList<>();
    /** A copy that lacks one of these lacks no prepared branch: no copy may, or no vote could be believed. */
    private final List<LocalTransaction> sincePrepared = new ArrayList<>();

    Commits(DatabaseKind kind) {
        this.kind = kind;
    }

    void committed(LocalTransaction work) {
        // It may have been taken back before.
        sincePrepared.remove(work);
        sincePrepared.add(work);
        if (kind.isForcedLater()) {
            unforced.add(work);
        } else {
            work.isCommitLost = false;
        }
    }

    void prepared() {
        sincePrepared.clear();
    }

    void force() {
        // Until now a crash could have lost again what a copy had lacked.
        unforced.forEach(work -> work.isCommitLost = false);
        unforced.clear();
    }

    /** Those that a crash takes back: the log has an end, and what was written behind it is gone. */
    List<LocalTransaction> lostInCrash(Dice dice, Luck luck) {
        List<LocalTransaction> lost = last(unforced, dice, luck);
        unforced.clear();
        return lost;
    }

    /** Those that a restored copy lacks. */
    List<LocalTransaction> lostInFailOver(Dice dice, Luck luck) {
        List<LocalTransaction> lost = last(sincePrepared, dice, luck);
        sincePrepared.clear();
        return lost;
    }

    private static List<LocalTransaction> last(List<LocalTransaction> of, Dice dice, Luck luck) {
        if (of.isEmpty()) {
            return List.of();
        }
        int kept = dice.below(Purpose.AMOUNT, luck, of.size() + 1);
        return of.subList(kept, of.size()).stream()
                .filter(work -> work.state == LocalTransaction.State.COMMITTED)
                .toList();
    }
}
