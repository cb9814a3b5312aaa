package dev.assent.simulation;

/** Situations that a block of seeds must bring about. */
public enum Mark {
    OPEN_ENTRY_SURVIVED("an open entry survived a change of leader"),
    OPEN_ENTRY_VANISHED("an open entry vanished with a change of leader"),
    ENTRY_COMMITTED_IN_LATER_TERM("an entry was committed by the leader of a later term"),
    DECISION_VOID("a decision was void: its entry was of another term than its transaction"),
    LEADER_STARTED_VOID("a leader's loop started a second time in its term and was refused"),
    TWO_BELIEVERS("two nodes believed to lead a shard"),
    LEADER_CRASHED("a node that led crashed"),
    LEADER_CRASHED_AFTER_APPEND("a leader crashed after it appended a decision"),
    DEPOSED_BY_AN_ENTRY("a ready leader saw an entry of a later term before it heard that it had lost"),
    WIN_DROPPED("news of a leadership won came after the news that it was lost, and was dropped"),
    WORDS_BETWEEN_LOST_AND_WON("a process spoke to a shard that lost its leadership and won it again"),
    APPEND_ENDED_SILENTLY("an append reached a replica that did not lead any more, and nobody said so"),
    STEP_DOWN_REPEATED("a leader had to ask more than once to be rid of the leadership"),
    LOOP_ENDED("a loop ended because its log could not be written"),
    BIRTH_REPEATED("the first entry of a log was submitted more than once"),
    LEADER_GAVE_UP_UNCERTAIN("a leader gave up because it learnt no fate"),
    LEADER_CHANGED_AFTER_DECISION("the leader changed between a decision and the end of its phase two"),
    SNAPSHOT_INSTALLED("a lagging replica got a snapshot"),
    OLD_SNAPSHOT_INSTALLED("a lagging replica got a snapshot that was older than the state of its leader"),
    PACK_OVERTAKEN("a pack that was refused went out again after its successor was applied"),
    STATE_AHEAD_OF_INBOX("the state was ahead of what its core had heard"),
    OUTCOMES_FORGOTTEN("outcomes were forgotten"),
    OUTCOME_EXPIRED_TOLD("somebody was told that an outcome is not remembered any more"),
    COMMITTED("a transaction committed"),
    COMMITTED_WITHOUT_YES("a transaction without a YES was answered COMMITTED"),
    COMMITTED_BEFORE_APPLIED("COMMITTED was told while branches were still to commit"),
    ABORTED("a transaction aborted"),
    ABORTED_BY_TIMEOUT("a transaction ran out of time"),
    ABORTED_BY_PREPARE_TIMEOUT("a vote did not come in time"),
    ABORTED_BY_VOTE("a branch voted NO"),
    ABORTED_BY_LOST_INSTANCE("a process was lost before its branch voted"),
    ABORTED_BY_LEADER_CHANGE("a change of leader aborted a transaction"),
    ABORTED_CALL_UNACCOUNTED("a branch ran calls that nobody accounted for"),
    ABORTED_CALL_FAILED("a failed call forbade the commit"),
    MIXED_TOLD("somebody was told MIXED"),
    HAZARD_TOLD("somebody was told HAZARD"),
    ROLLBACK_AFTER_COMMIT("a rollback was asked for after the commit of the same transaction"),
    READ_ONLY_BRANCH("a branch wrote nothing"),
    MANY_BRANCHES("a decision named three branches or more"),
    NESTED_CALL("a call made a call"),
    ATTEMPT_UNDONE("a failed attempt was undone and its transaction committed"),
    CALL_RAN_TWICE("a call ran at two instances"),
    LOCK_WAIT_TIMED_OUT("a statement stopped waiting for a row"),
    BEGUN_ANEW("a transaction went on under a fresh number"),
    BEGIN_FAILED("no number could be had in time"),
    PROCESS_CRASHED_PREPARED("a process crashed with a prepared branch"),
    PREPARED_THOUGH_FAILED("a prepare failed and was done all the same"),
    COMMITTED_THOUGH_FAILED("a commit in a database failed and was done all the same"),
    FINISHED_BY_ANOTHER("another process finished a prepared branch"),
    RESOLVED_AFTER_CRASH("a prepared branch was finished though its process was gone"),
    NOTHING_FOUND("a branch that was told to commit found nothing"),
    FOUND_COMMITTED("a branch that was told to roll back was committed"),
    HAND_AGAINST_DECISION("somebody decided a branch by hand against the decision"),
    HAND_WITH_DECISION("somebody decided a branch by hand as it was decided"),
    STUCK_IN_DOUBT("a branch asked about an outcome that is not remembered any more"),
    COMMITTED_AFTER_THE_END("a branch committed after its transaction had ended without it"),
    BRANCH_ABANDONED("an operator gave a branch up"),
    HEURISTIC_SETTLED("an operator closed a heuristic"),
    ROW_REMOVED("an evidence row was removed"),
    ROW_SHOWN("an evidence row that was left over was shown"),
    INSTANCE_MOVED("a second life of a process started while the first one worked"),
    OUTCOME_ASKED_PENDING("somebody asked while the transaction was not decided"),
    STREAM_REOPENED("a process opened a stream to a node again"),
    DATABASE_RESTARTED("a database restarted while branches were open");

    private final String text;

    Mark(String text) {
        this.text = text;
    }

    /** What happened. */
    public String text() {
        return text;
    }
}
