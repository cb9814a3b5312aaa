package dev.assent.simulation;

/** What can go wrong. Each is off, rare or frequent in a world, and can be left out to make a failing world small. */
public enum FaultKind {
    /** A node stops and starts again from its disk. */
    NODE_CRASH(0, 0),
    /** A node stops between two steps where no fault point is. */
    NODE_CRASH_AT_STEP(500, 5_000),
    /** A process of a service stops; another life of it may start. */
    PROCESS_CRASH(0, 0),
    /** A process of a service stops in good order and says goodbye to every node. */
    PROCESS_STOPPED(0, 0),
    /** A process stops between two steps where no fault point is. */
    PROCESS_CRASH_AT_STEP(300, 3_000),
    /** Another life of a process starts while the old one still works. */
    INSTANCE_MOVED(0, 0),
    /** A node or a process stands still and goes on. */
    PAUSE(0, 0),
    /** Clocks go at different speeds and jump ahead. */
    CLOCK(0, 0),
    /** A message is lost. */
    MESSAGE_LOST(1_000, 30_000),
    /** A message arrives twice. */
    MESSAGE_DOUBLED(2_000, 50_000),
    /** A message is overtaken by later ones. */
    MESSAGE_OVERTAKEN(2_000, 50_000),
    /** A message takes long. */
    MESSAGE_LATE(2_000, 30_000),
    /** A stream between a process and a node breaks. */
    STREAM_BROKEN(0, 0),
    /** What was read from a stream when it ended is handed over after its end. */
    FRAME_AFTER_CLOSE(100_000, 600_000),
    /** Nothing passes between two groups, in both directions. */
    PARTITION(0, 0),
    /** Nothing passes from one group to another, but the other way. */
    ONE_WAY_PARTITION(0, 0),
    /** A leader loses its leadership though all is well. */
    LEADERSHIP_LOST(0, 0),
    /** A deposed leader does not hear of its successor for long: two believe to lead. */
    LEADERSHIP_DOUBLED(200_000, 700_000),
    /** The leadership is lost and won again in the same term. */
    LEADERSHIP_REGAINED(0, 0),
    /** An append enters the log late, maybe in another term than the one who wanted it led in. */
    APPEND_LATE(10_000, 150_000),
    /** An append is refused for certain. */
    APPEND_REFUSED(5_000, 60_000),
    /** Nobody knows whether an append was taken; the replica gives the leadership up, and its loop knows nothing of it. */
    APPEND_UNANSWERED(3_000, 30_000),
    /** The fate of an append stays open until long after, mostly until a leader change settles it. */
    APPEND_UNCERTAIN(3_000, 40_000),
    /** A loop hears late that the leadership was won or lost, while entries are applied. */
    LEADERSHIP_NEWS_LATE(50_000, 500_000),
    /** A leader that wants to give the leadership up stays the leader. */
    STEP_DOWN_FAILED(100_000, 500_000),
    /** The log of a node cannot be written any more: its loops end one after another, and then the node. */
    LOG_FAILED(0, 0),
    /** A replica applies late. */
    REPLICA_LAGS(20_000, 200_000),
    /** A replica that lags gets a snapshot instead of the entries. */
    SNAPSHOT_INSTALLED(300_000, 800_000),
    /** The core hears of applied records long after the state has them. */
    INBOX_LATE(3_000, 50_000),
    /** A database restarts: open local transactions are lost, prepared ones are kept. */
    DATABASE_DOWN(0, 0),
    /** A database crashes at once or soon after it has finished a prepared branch. */
    DATABASE_CRASH_AT_STEP(1_500, 15_000),
    /** A database takes long to force what is committed already. */
    FORCE_SLOW(20_000, 250_000),
    /** A database crashes while it takes long to force: what everybody could see is gone. */
    DATABASE_CRASH_BEFORE_FORCE(100_000, 500_000),
    /** A step in a database takes long. */
    STEP_SLOW(3_000, 40_000),
    /** A step in a database fails and did nothing. */
    STEP_FAILED(2_000, 30_000),
    /** A step in a database is reported as failed, and was done. */
    STEP_DONE_THOUGH_FAILED(2_000, 30_000),
    /** A step in a database is reported as failed, and is done long after. */
    STEP_DONE_LATE(1_500, 25_000),
    /** The answer to a step in a database, or a listing, is long on its way to the one who asked. */
    ANSWER_LATE(3_000, 40_000),
    /** A database takes long to finish a prepared branch, and nobody else can finish it meanwhile. */
    FINISH_SLOW(10_000, 150_000),
    /** No connection is to be had. */
    NO_CONNECTION(2_000, 20_000),
    /** A database notices only after long that a connection is lost. */
    CONNECTION_LINGERS(50_000, 500_000),
    /** A database is restored, or fails over, and lacks the last commits, though they were acknowledged. */
    COMMITS_LOST(0, 0),
    /** Somebody commits or rolls back a prepared branch by hand. */
    HEURISTIC(10_000, 100_000),
    /** An operator gives a branch up. */
    ABANDONED(50_000, 400_000),
    /** Somebody speaks of transactions that are not, or are not of this shard. */
    XID_FORGED(0, 0),
    /** Somebody asks about all numbers of a block. */
    BLOCK_GUESSED(0, 0),
    /** The application never ends its transaction. */
    INITIATOR_GONE(10_000, 100_000),
    /** Commit or rollback is asked for again, or a rollback after the commit. */
    INITIATOR_REPEATS(20_000, 150_000),
    /** Somebody asks for the outcome at any time. */
    OUTCOME_ASKED(30_000, 250_000),
    /** A call between services, or its answer, is lost. */
    CALL_LOST(5_000, 60_000),
    /** A transport repeats a call, maybe at another instance. */
    CALL_REPEATED(10_000, 100_000),
    /** A business call fails. */
    CALL_FAILED(10_000, 80_000);

    private final int rarePerMillion;
    private final int frequentPerMillion;

    FaultKind(int rarePerMillion, int frequentPerMillion) {
        this.rarePerMillion = rarePerMillion;
        this.frequentPerMillion = frequentPerMillion;
    }

    /** Its place among all: a part of every draw. */
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }

    /** How often it strikes where it can; zero for what is spread over the time instead. */
    int perMillion(Level level) {
        return switch (level) {
            case OFF -> 0;
            case RARE -> rarePerMillion;
            case FREQUENT -> frequentPerMillion;
        };
    }

    /** Whether it strikes at drawn instants, not at occasions. */
    boolean isSpreadOverTime() {
        return frequentPerMillion == 0;
    }

    /** How much of it a world has. */
    public enum Level {
        OFF,
        RARE,
        FREQUENT
    }
}
