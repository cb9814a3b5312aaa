package dev.assent.it;

/** What the database of a {@link ParticipantProcess} holds; asked of the database, beside the SDK. */
record ProcessBooks(ArmedProcess process) implements AskedBooks {
    @Override
    public String ask(String what) {
        return process.say(what);
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
