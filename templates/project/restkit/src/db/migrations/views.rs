//! Views of PostgreSQL over columns that get another type.
//!
//! PostgreSQL changes no type that a view uses, whoever made the view. So those views go for a moment, with
//! those that need them, and come back within the same transaction: with owner, rights, comments, defaults,
//! triggers, rules and indexes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::sql::{Token, statements, words};

/// The views over some columns, each before those that it needs: kind, name, and how many steps away.
const OVER_COLUMNS: &str = "
    WITH RECURSIVE needing (view, steps) AS (
        SELECT r.ev_class, 1
        FROM unnest($1::text[], $2::text[]) AS w (of_table, of_column)
            JOIN pg_attribute AS a ON a.attrelid = to_regclass(w.of_table) AND a.attname = w.of_column
            JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid
                AND d.refobjsubid = a.attnum AND d.classid = 'pg_rewrite'::regclass
            JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> a.attrelid
        UNION
        SELECT r.ev_class, n.steps + 1
        FROM needing AS n
            JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = n.view
                AND d.classid = 'pg_rewrite'::regclass
            JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> n.view
    )
    SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname::text, c.oid::regclass::text
    FROM needing AS n JOIN pg_class AS c ON c.oid = n.view
    WHERE c.relkind IN ('v', 'm')
    GROUP BY c.oid, c.relkind, c.relname
    ORDER BY max(n.steps) DESC, c.oid";

/// The statements that make a view again, with all that goes with it.
const DEFINITION: &str = "
    WITH view AS (
        SELECT c.oid, c.relowner, c.relacl, c.oid::regclass::text AS name, c.relkind = 'm' AS is_kept,
            CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS kind,
            c.reloptions, c.relispopulated
        FROM pg_class AS c WHERE c.oid = to_regclass($1)
    )
    SELECT statement FROM (
        SELECT 1 AS place, '' AS part, format('CREATE %s %s%s AS %s%s', kind, name,
            ' WITH (' || array_to_string(reloptions, ', ') || ')', rtrim(pg_get_viewdef(oid), '; '),
            CASE WHEN is_kept AND NOT relispopulated THEN ' WITH NO DATA' ELSE '' END) AS statement
        FROM view
        UNION ALL
        SELECT 2, a.attname, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', name, a.attname,
            pg_get_expr(d.adbin, d.adrelid))
        FROM view JOIN pg_attrdef AS d ON d.adrelid = view.oid
            JOIN pg_attribute AS a ON a.attrelid = view.oid AND a.attnum = d.adnum
        UNION ALL
        SELECT 3, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
        FROM view JOIN pg_index AS i ON i.indrelid = view.oid
        UNION ALL
        SELECT 4, r.rulename, rtrim(pg_get_ruledef(r.oid), '; ')
        FROM view JOIN pg_rewrite AS r ON r.ev_class = view.oid AND r.rulename <> '_RETURN'
        UNION ALL
        SELECT 5, t.tgname, pg_get_triggerdef(t.oid)
        FROM view JOIN pg_trigger AS t ON t.tgrelid = view.oid AND NOT t.tgisinternal
        UNION ALL
        SELECT 6, coalesce(a.attname, ''), format('COMMENT ON %s IS %L', CASE
            WHEN d.objsubid = 0 THEN format('%s %s', kind, name)
            ELSE format('COLUMN %s.%I', name, a.attname) END, d.description)
        FROM view JOIN pg_description AS d ON d.objoid = view.oid AND d.classoid = 'pg_class'::regclass
            LEFT JOIN pg_attribute AS a ON a.attrelid = view.oid AND a.attnum = d.objsubid AND d.objsubid > 0
        UNION ALL
        SELECT 7, '', format('REVOKE ALL ON %s FROM PUBLIC, %I', name, pg_get_userbyid(relowner))
        FROM view WHERE relacl IS NOT NULL
        UNION ALL
        SELECT 8, g.privilege_type || g.grantee, format('GRANT %s ON %s TO %s%s', g.privilege_type, name,
            CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
            CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM view, aclexplode(view.relacl) AS g
        UNION ALL
        SELECT 8, g.privilege_type || g.grantee || a.attname, format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type,
            a.attname, name, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
            CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM view JOIN pg_attribute AS a ON a.attrelid = view.oid, aclexplode(a.attacl) AS g
        UNION ALL
        SELECT 9, '', format('ALTER %s %s OWNER TO %I', kind, name, pg_get_userbyid(relowner))
        FROM view WHERE relowner <> current_user::regrole
    ) AS all_of_it
    ORDER BY place, part";

/// A view that is put aside.
pub struct View {
    name: String,
    /// The statements that make it again.
    statements: Vec<String>,
}

/// Drops the views that are in the way of `script`, unless it drops them itself.
///
/// # Errors
///
/// If the database refuses: the role may not own a view, or something else may need it.
pub async fn put_aside(db: &mut PgConnection, script: &str) -> Result<Vec<View>> {
    let retyped = retyped_columns(script);
    if retyped.is_empty() {
        return Ok(Vec::new());
    }
    let own = dropped_views(script);
    let (tables, columns): (Vec<String>, Vec<String>) = retyped.into_iter().unzip();
    let over: Vec<(String, String, String)> = sqlx::query_as(OVER_COLUMNS)
        .persistent(false)
        .bind(tables)
        .bind(columns)
        .fetch_all(&mut *db)
        .await?;
    let mut aside = Vec::new();
    for (kind, plain, name) in over {
        if own.contains(&plain) {
            continue;
        }
        let statements = sqlx::query_scalar(DEFINITION)
            .persistent(false)
            .bind(&name)
            .fetch_all(&mut *db)
            .await?;
        let drop = format!("DROP {kind} {name}");
        let dropped = db.execute(AssertSqlSafe(drop)).await;
        dropped.with_context(|| {
            format!("the view `{name}` uses a column that gets another type, and cannot be put aside meanwhile")
        })?;
        aside.push(View { name, statements });
    }
    Ok(aside)
}

/// Makes the views again, each after those that it needs.
///
/// # Errors
///
/// If one does not fit any more.
pub async fn put_back(db: &mut PgConnection, aside: Vec<View>) -> Result<()> {
    for view in aside.into_iter().rev() {
        for statement in view.statements {
            let made = db.execute(AssertSqlSafe(statement)).await;
            made.with_context(|| {
                format!(
                    "the view `{}` would not fit any more; change or drop it first, or in this migration",
                    view.name
                )
            })?;
        }
    }
    Ok(())
}

/// The columns that get another type, or are made again under the same name, by the names that they and their
/// tables have before the script.
fn retyped_columns(script: &str) -> BTreeSet<(String, String)> {
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    let mut columns: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut dropped = BTreeSet::new();
    let mut retyped = BTreeSet::new();
    for statement in statements(script) {
        let words = words(statement);
        let [alter, table, name, rest @ ..] = words.as_slice() else {
            continue;
        };
        let Some(now) = name
            .identifier()
            .filter(|_| alter.is("ALTER") && table.is("TABLE"))
        else {
            continue;
        };
        let table = tables.get(&now).cloned().unwrap_or(now);
        let former = |columns: &BTreeMap<_, String>, name: String| {
            let key = (table.clone(), name);
            columns.get(&key).cloned().unwrap_or(key.1)
        };
        match rest {
            [rename, to, new] if rename.is("RENAME") && to.is("TO") => {
                tables.extend(new.identifier().map(|new| (new, table)));
                continue;
            }
            [rename, column, old, to, new]
                if rename.is("RENAME") && column.is("COLUMN") && to.is("TO") =>
            {
                if let (Some(old), Some(new)) = (old.identifier(), new.identifier()) {
                    let old = former(&columns, old);
                    columns.insert((table, new), old);
                }
                continue;
            }
            _ => {}
        }
        for part in rest.windows(4) {
            let Some(column) = part[2].identifier() else {
                continue;
            };
            let is = |first: &str| part[0].is(first) && part[1].is("COLUMN");
            let place = (quoted(&table), former(&columns, column));
            if is("ALTER") && part[3].is("TYPE") || is("ADD") && dropped.contains(&place) {
                retyped.insert(place);
            }
        }
        for part in rest.windows(3) {
            if part[0].is("DROP") && part[1].is("COLUMN") {
                let column = part[2].identifier();
                dropped.extend(column.map(|column| (quoted(&table), former(&columns, column))));
            }
        }
    }
    retyped
}

/// The views that a script drops itself.
fn dropped_views(script: &str) -> BTreeSet<String> {
    let mut dropped = BTreeSet::new();
    for statement in statements(script) {
        let words = words(statement);
        let names = match words.as_slice() {
            [drop, view, names @ ..] if drop.is("DROP") && view.is("VIEW") => names,
            [drop, kept, view, names @ ..]
                if drop.is("DROP") && kept.is("MATERIALIZED") && view.is("VIEW") =>
            {
                names
            }
            _ => continue,
        };
        dropped.extend(names.iter().filter_map(Token::identifier));
    }
    dropped
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_former_names() {
        let columns = |script| {
            let found = retyped_columns(script).into_iter();
            let found = found.map(|(table, column)| format!("{table}.{column}"));
            found.collect::<Vec<_>>()
        };
        let plain = "ALTER TABLE \"t\"\n    ALTER COLUMN \"a\" DROP DEFAULT,\n    ALTER COLUMN \"a\" TYPE text USING a::text;";
        assert_eq!(columns(plain), ["\"t\".a"]);
        let renamed = "ALTER TABLE old RENAME TO t; ALTER TABLE t RENAME COLUMN b TO a; ALTER TABLE t ALTER COLUMN a TYPE text;";
        assert_eq!(columns(renamed), ["\"old\".b"]);
        let anew = "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a int; ALTER TABLE t DROP COLUMN b;";
        assert_eq!(columns(anew), ["\"t\".a"]);
        assert!(columns("ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1;").is_empty());
        let views = dropped_views("DROP VIEW IF EXISTS a, \"B\"; DROP MATERIALIZED VIEW c;");
        assert!(["a", "B", "c"].iter().all(|name| views.contains(*name)));
    }
}
