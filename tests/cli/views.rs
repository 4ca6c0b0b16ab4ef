//! Views of PostgreSQL over columns that get another type.

use crate::cluster::Cluster;
use crate::database::texts_on_postgres;
use crate::taken_over::take_over_on_postgres;

/// All that is said of the views: how they are made, who may do what, and what hangs on them.
const VIEWS: &str = "
    SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT format('%s %s %s %s %s %s', relname, relkind, relacl, reloptions, obj_description(oid), pg_get_userbyid(relowner)) AS line
        FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class AS c ON c.oid = indrelid WHERE c.relkind = 'm'
        UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger AS t WHERE NOT tgisinternal
        UNION ALL SELECT format('%s %s %s', attrelid::regclass, attname, attacl) FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid > 16384
        UNION ALL SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef AS d JOIN pg_class AS c ON c.oid = d.adrelid WHERE c.relkind = 'v'
        UNION ALL SELECT format('%s %s', objoid::regclass, description) FROM pg_description WHERE classoid = 'pg_class'::regclass AND objsubid > 0 AND objoid > 16384
        UNION ALL SELECT pg_get_ruledef(r.oid) FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = ev_class
            WHERE rulename <> '_RETURN' AND c.relnamespace = 'public'::regnamespace
    ) AS lines";

#[test]
fn views_of_postgresql_survive_a_change_of_their_columns() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("views");
    let (folder, _) = take_over_on_postgres(
        &url,
        "CREATE ROLE reader; CREATE ROLE keeper;
         CREATE TABLE t (id bigint PRIMARY KEY, v integer, w text);
         INSERT INTO t VALUES (1, 2, 'a');
         CREATE VIEW one WITH (security_barrier = true) AS SELECT id, v FROM t WHERE v > 0 WITH LOCAL CHECK OPTION;
         CREATE VIEW \"Two\" AS SELECT a.v AS x, b.w FROM one AS a JOIN t AS b USING (id);
         CREATE MATERIALIZED VIEW three AS SELECT count(*) AS n, x FROM \"Two\" GROUP BY x;
         CREATE MATERIALIZED VIEW empty AS SELECT v FROM t WITH NO DATA;
         CREATE VIEW apart AS SELECT w FROM t;
         CREATE UNIQUE INDEX by_x ON three (x);
         COMMENT ON VIEW one IS 'it''s one'; COMMENT ON COLUMN \"Two\".x IS 'an x'; COMMENT ON MATERIALIZED VIEW three IS '3';
         GRANT SELECT ON one TO reader WITH GRANT OPTION; GRANT SELECT (x) ON \"Two\" TO PUBLIC; GRANT SELECT ON three TO reader;
         ALTER VIEW \"Two\" ALTER COLUMN x SET DEFAULT 5;
         CREATE RULE quiet AS ON DELETE TO \"Two\" DO INSTEAD NOTHING;
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
         CREATE TRIGGER stop INSTEAD OF INSERT ON \"Two\" FOR EACH ROW EXECUTE FUNCTION refuse();
         ALTER VIEW \"Two\" OWNER TO keeper; GRANT SELECT ON one, t TO keeper;",
    );
    let before = texts_on_postgres(&url, VIEWS);
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i32>",
        "pub v: Option<i64>",
    );
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate"]);
    assert_eq!(texts_on_postgres(&url, VIEWS), before);
    let read = "SELECT format('%s %s %s', x, n, pg_typeof(x)) FROM three";
    assert_eq!(texts_on_postgres(&url, read), ["2 1 bigint"]);
    folder.ok(&["migrate", "0002"]);
    assert_eq!(texts_on_postgres(&url, VIEWS), before);

    // What would not fit any more stops it, and says which view that is.
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i64>",
        "pub v: Option<String>",
    );
    folder.ok(&["makemigrations", "--no-input", "--allow-destructive"]);
    folder.refuses(
        1,
        &["migrate"],
        &[
            "the view `one` would not fit any more",
            "change or drop it first",
        ],
    );
    assert_eq!(texts_on_postgres(&url, VIEWS), before);
}
