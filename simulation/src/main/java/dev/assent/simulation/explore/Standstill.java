package dev.assent.simulation.explore;

/**
 * Whether a world stands still though whatever is under way may get lost. Where messages stay under way for ever, one that
 * was sent once and long ago might still arrive and help: nobody may rely on that. So all of them are taken away, and what
 * actors say again of themselves, and what is said in answer to that, is all that has to arrive. Not thread-safe.
 */
final class Standstill {
    private final Choices choices;
    private final World lost;
    private final World next;
    private final Moves lostMoves;
    private final Moves nextMoves;

    Standstill(Cast cast) {
        this.choices = new Choices(cast);
        this.lost = cast.first();
        this.next = cast.first();
        this.lostMoves = new Moves(cast, lost);
        this.nextMoves = new Moves(cast, next);
    }

    /** Whether nothing that must happen changes anything in this settled world but what is under way. */
    boolean isIn(World world) {
        lost.set(world);
        lost.messages.clear();
        lostMoves.settle();
        if (!lost.isSameButMessages(world)) {
            return false;
        }
        boolean isSaidMore = true;
        while (isSaidMore) {
            isSaidMore = false;
            choices.in(lost);
            for (int i = 0; i < choices.size() && !isSaidMore; i++) {
                int action = choices.get(i);
                if (ActionKind.of(action).mustHappen()) {
                    next.set(lost);
                    nextMoves.act(action);
                    if (!next.isSameButMessages(lost)) {
                        return false;
                    }
                    isSaidMore = !next.messages.isSame(lost.messages);
                }
            }
            if (isSaidMore) {
                lost.set(next);
            }
        }
        return true;
    }
}
