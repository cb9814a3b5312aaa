/** Clusters on real disks, databases in files, and processes that are killed. */
@NullMarked
package dev.assent.it;

import org.jspecify.annotations.NullMarked;
