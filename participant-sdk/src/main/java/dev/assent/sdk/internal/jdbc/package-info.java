/** Branches on JDBC databases: the enlisting data source, what its connections mean, evidence, prepare and finish. */
@NullMarked
package dev.assent.sdk.internal.jdbc;

import org.jspecify.annotations.NullMarked;
