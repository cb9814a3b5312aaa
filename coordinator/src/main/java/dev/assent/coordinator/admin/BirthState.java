package dev.assent.coordinator.admin;

/** How far a node's birth has come. */
public enum BirthState {
    /** Its directory is empty: it has never been part of a cluster, or was wiped. */
    EMPTY,
    /** It has promised to be born into one life of a cluster, and has neither voted nor served. */
    PLEDGED,
    /** It is part of a cluster for good. */
    BORN
}
