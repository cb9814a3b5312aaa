package dev.assent.simulation.explore;

/** Looks on while a walk goes. */
interface Watch {
    /** Sees nothing, and the walk ends with the first violation. */
    Watch NOTHING = new Watch() {
        @Override
        public void reached(Cast cast, World world) {}

        @Override
        public boolean goesOnAfter(String violation) {
            return false;
        }
    };

    /** A state is new. The world is used for other things afterwards. */
    void reached(Cast cast, World world);

    /** Something does not hold; whether the walk goes on all the same. */
    boolean goesOnAfter(String violation);
}
