/**
 * What operators ask of a node: who it is, its birth, how it is.
 *
 * <p>A cluster is born in two halves. First every member <em>pledges</em> itself durably to one life of the cluster;
 * only when all have, they are told to complete: to write their identity, to format their shards, and to serve. Whoever
 * finds an empty node beside a born one therefore knows that it had pledged and was wiped since. It may have voted in
 * its former life, so it must not come back under its old id: a second vote in one term could lose what is committed.
 */
@NullMarked
package dev.assent.coordinator.admin;

import org.jspecify.annotations.NullMarked;
