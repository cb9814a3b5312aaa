-- The tables of Assent in an H2 database. Created at start if the user may; create them by hand otherwise.

-- Evidence: a visible row is a committed branch.
CREATE TABLE IF NOT EXISTS assent_branch (
    xid        VARCHAR(64) NOT NULL,
    branch_id  VARCHAR(64) NOT NULL,
    mode       VARCHAR(16) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    arguments  VARBINARY,
    result     VARBINARY,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    PRIMARY KEY (xid, branch_id)
);

-- Its row is lost whenever the database is closed, so it names one opening of the database. A prepared branch whose
-- session ended may be rolled back only in a later opening.
CREATE MEMORY TABLE IF NOT EXISTS assent_opening (
    id    INTEGER     NOT NULL PRIMARY KEY,
    token VARCHAR(32) NOT NULL
) NOT PERSISTENT;
