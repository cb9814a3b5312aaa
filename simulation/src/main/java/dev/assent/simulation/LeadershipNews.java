package dev.assent.simulation;

/**
 * Tells the loop of a replica that the leadership was won or lost, as the node's replication does: the two come from
 * different threads, each in its own time, while entries are applied. A win is dropped if a loss of its term or of a later
 * one is known; a loss is always told, and before this replica is elected again.
 */
final class LeadershipNews {
    private final Replica replica;
    private final World world;
    private final Luck luck;
    private long readyTerm;
    private long wonTerm;
    private long lostTerm;
    /** The newest term of a loss that is on its way, or 0. */
    private long losingTerm;

    private boolean isWinUnderWay;

    LeadershipNews(Replica replica, Luck luck) {
        this.replica = replica;
        this.world = replica.node.world;
        this.luck = luck;
    }

    /** It leads in this term, and everything of earlier terms is applied. */
    void ready(long term) {
        readyTerm = Math.max(readyTerm, term);
    }

    /** Whether a readiness waits to be told. */
    boolean isPending() {
        return readyTerm > wonTerm && readyTerm > lostTerm;
    }

    /** Whether the loop was told that it leads in this term. */
    boolean isWon(long term) {
        return wonTerm == term;
    }

    /** Tells of a readiness that was not told yet, some time from now. */
    void tellWin() {
        if (isPending() && !isWinUnderWay) {
            isWinUnderWay = true;
            later(() -> {
                isWinUnderWay = false;
                if (isPending()) {
                    wonTerm = readyTerm;
                    replica.turns.won();
                } else {
                    world.marks.sometimes(Mark.WIN_DROPPED);
                }
            });
        }
    }

    /**
     * The leadership is over; the loop hears of it some time from now.
     *
     * @param term the newest that is known
     */
    void lost(long term) {
        losingTerm = Math.max(losingTerm, term);
        later(this::lossArrives);
    }

    /** Before it is elected again it has been told of every loss: the same lock guards both. */
    void settle() {
        lossArrives();
    }

    private void lossArrives() {
        if (losingTerm > 0) {
            lostTerm = Math.max(lostTerm, losingTerm);
            losingTerm = 0;
            replica.turns.lost();
        }
    }

    private void later(Runnable arrival) {
        if (world.faults.strikes(FaultKind.LEADERSHIP_NEWS_LATE, luck)) {
            long most = world.dice.chance(Purpose.AMOUNT, luck, 50) ? 20 : 3_000;
            long late = world.dice.between(Purpose.AMOUNT, luck, 0, most * 1_000) * WorldParameters.MICRO;
            world.after(late, replica.node, arrival);
        } else {
            arrival.run();
        }
    }
}
