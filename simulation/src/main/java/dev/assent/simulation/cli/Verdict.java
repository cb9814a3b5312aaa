package dev.assent.simulation.cli;

import dev.assent.cli.Ending;

/**
 * What a tool that tests Assent found, the same for all of them. Its exit codes are its own: that something never ends is
 * neither wrong usage nor an unreachable node. A defect of the tool itself ends with 4, as with every command.
 */
public enum Verdict implements Ending {
    /** Everything was reached that should be, and it held. */
    HELD(0),
    /** A promise of safety was broken. */
    BROKEN(1),
    /** Something never ended. */
    ENDLESS(2),
    /** Nothing was broken, and not everything was reached that should be: the run proves too little. */
    NOT_REACHED(3);

    private final int code;

    Verdict(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
