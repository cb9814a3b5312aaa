/** The connection to the cluster: one stream to every node, who leads which shard, reconnecting. */
@NullMarked
package dev.assent.sdk.internal.session;

import org.jspecify.annotations.NullMarked;
